package dev.eddy.exchange;

import dev.eddy.learn.Learner;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.snapshot.IncompatibleSnapshotException;
import dev.eddy.snapshot.ModelVersion;
import dev.eddy.snapshot.SnapshotHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A whole model as a safetensors file: all that {@link Learner#visitModel} walks over, and {@link Metadata}. */
public final class SafetensorsModel {

    private SafetensorsModel() {}

    /** The file's bytes. */
    public static byte[] write(SnapshotHeader header, Learner learner) {
        TensorWriter writer = new TensorWriter();
        learner.visitModel(writer);
        return new SafetensorsFile(Metadata.of(header), writer.tensors()).bytes();
    }

    /**
     * Reads a file that {@link #write} made.
     *
     * @param config the present one, which may differ in what decides no shape
     * @throws ModelFileException with one line that names the file, if it cannot be read, is none of Eddy's, is damaged,
     *     or contradicts the configuration
     */
    public static ModelVersion read(Path path, LearnerConfig config) {
        try {
            return parse(Files.readAllBytes(path), config);
        } catch (IOException e) {
            throw new ModelFileException(
                    path + " cannot be read: " + (Files.exists(path) ? e.getMessage() : "no such file"), e);
        } catch (ModelFileException | IncompatibleSnapshotException e) {
            throw new ModelFileException(path + " is not usable: " + e.getMessage(), e);
        }
    }

    private static ModelVersion parse(byte[] bytes, LearnerConfig config) {
        SafetensorsFile file = SafetensorsFile.parse(bytes);
        SnapshotHeader header = Metadata.header(file.metadata());
        ModelVersion.check(header, config);
        try (Learner learner = new Learner(config, 0)) {
            learner.visitModel(new TensorReader(file.tensors()));
            learner.adopted();
            if (!learner.weightsSha256().equals(header.sha256())) {
                throw new ModelFileException("its weights have not the SHA-256 of its metadata");
            }
            return ModelVersion.of(header, learner);
        }
    }
}
