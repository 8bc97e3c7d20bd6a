package dev.eddy.cli;

/** A configuration that Eddy cannot run with; the message is one line that names the key, the value and the remedy. */
public final class ConfigurationException extends RuntimeException {

    public ConfigurationException(String message) {
        super(message);
    }
}
