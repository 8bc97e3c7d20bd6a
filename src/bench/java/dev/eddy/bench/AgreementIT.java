package dev.eddy.bench;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The comparison is honest: Eddy and libtorch compute the same from the same weights and noise. */
class AgreementIT {

    @Test
    void oneStepHasTheSameLossesAndGradientsOnBothSides() throws IOException {
        try (PeerProcess peer = new PeerProcess()) {
            Agreement.check(peer);
        }
    }
}
