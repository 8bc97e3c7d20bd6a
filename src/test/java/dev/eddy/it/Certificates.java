package dev.eddy.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A key for {@code localhost} and a truststore that trusts nothing else, made by the JDK's keytool.
 *
 * @param keystore PKCS12
 * @param truststore PKCS12
 * @param password of both
 */
record Certificates(Path keystore, Path truststore, String password) {

    static Certificates create(Path folder, String name, String password) throws IOException, InterruptedException {
        Path keystore = folder.resolve(name + "-key.p12");
        Path truststore = folder.resolve(name + "-trust.p12");
        Path certificate = folder.resolve(name + ".crt");
        keytool(
                keystore,
                password,
                "-genkeypair",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost");
        keytool(keystore, password, "-exportcert", "-file", certificate.toString());
        keytool(truststore, password, "-importcert", "-noprompt", "-file", certificate.toString());
        return new Certificates(keystore, truststore, password);
    }

    private static void keytool(Path store, String password, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "broker", "-storetype", "PKCS12"));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", password));
        Path output = Files.createTempFile("keytool", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + Files.readString(output));
            }
        } finally {
            Files.delete(output);
        }
    }
}
