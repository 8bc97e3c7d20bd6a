package dev.eddy.backtest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class QualityTablesTest {

    @Test
    void aFigureStandsUnderItsOwnNameOfTheHeader() {
        Spread spread = new Spread();
        spread.add("GAN modes", 10.0);

        assertEquals(
                "| gan.gamma=0 | - | 10.00 |", QualityTables.row("gan.gamma=0", List.of("main", "GAN modes"), spread));
    }
}
