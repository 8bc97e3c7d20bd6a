package dev.eddy.registry;

import org.apache.kafka.common.errors.RetriableException;

/** The schema registry does not answer as one; the message is one line that names it. It may pass. */
public final class RegistryUnavailableException extends RetriableException {

    RegistryUnavailableException(String message) {
        super(message);
    }
}
