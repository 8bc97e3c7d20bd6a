package dev.eddy.snapshot;

import dev.eddy.learn.Learner;
import dev.eddy.learn.LearnerConfig;
import java.util.List;
import java.util.stream.Collectors;

/** A complete model at rest, whole and undamaged: what it says of itself, and its arrays. Immutable. */
public final class ModelVersion {

    private final Manifest manifest;
    private final List<byte[]> chunks;

    private ModelVersion(Manifest manifest, List<byte[]> chunks) {
        this.manifest = manifest;
        this.chunks = chunks;
    }

    /** The learner's model as it stands. */
    public static ModelVersion of(SnapshotHeader header, Learner learner) {
        SnapshotCodec.Encoded encoded =
                SnapshotCodec.encode(header, learner::visitModel, SnapshotStore.MAX_CHUNK_BYTES);
        try {
            return of(encoded.manifest(), encoded.chunks());
        } catch (CorruptSnapshotException e) {
            throw new IllegalStateException("just encoded", e);
        }
    }

    /** @throws CorruptSnapshotException if it is not all there as it was written */
    static ModelVersion of(byte[] manifest, List<byte[]> chunks) throws CorruptSnapshotException {
        Manifest decoded = SnapshotCodec.decode(manifest);
        SnapshotCodec.verify(decoded, chunks);
        return new ModelVersion(decoded, List.copyOf(chunks));
    }

    public SnapshotHeader header() {
        return manifest.header();
    }

    /**
     * Makes a learner go on from this model: weights, calibration and step; the seed is the learner's own.
     *
     * @throws IncompatibleSnapshotException if the learner's configuration contradicts it; the learner is untouched then
     */
    public void adopt(Learner learner) {
        check(header(), learner.config());
        String arrays = manifest.layout().difference(Layout.of(learner::visitModel));
        if (!arrays.isEmpty()) {
            throw contradiction(header(), "it has " + arrays);
        }
        SnapshotCodec.fill(chunks, learner::visitModel);
        learner.adopted();
    }

    /**
     * Checks that a model can go on under a configuration: shapes must be the same, the seed and all else need not.
     *
     * @throws IncompatibleSnapshotException if not; the message names what contradicts
     */
    public static void check(SnapshotHeader header, LearnerConfig config) {
        String lines = header.configuration().differences(Fingerprint.of(config)).stream()
                .filter(Fingerprint::decidesModel)
                .map(d -> d.key() + " is " + d.stored() + " in the model, configured " + d.configured())
                .collect(Collectors.joining(", "));
        if (!lines.isEmpty()) {
            throw contradiction(header, lines);
        }
    }

    private static IncompatibleSnapshotException contradiction(SnapshotHeader header, String what) {
        return new IncompatibleSnapshotException(
                "the configuration contradicts the model of " + header.topic() + "-" + header.partition() + " at step "
                        + header.step() + ": " + what,
                "; configure what it was trained with, or do without it");
    }
}
