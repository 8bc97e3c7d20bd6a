package dev.eddy.local;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A broker that cannot be started, reached or used as asked; the message is one line that says which and why. */
public final class BrokerException extends RuntimeException {

    public BrokerException(String message) {
        super(message);
    }

    public BrokerException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * The exception for a failure that a Kafka client has reported.
     *
     * @param servers the client's bootstrap servers
     * @param doing what failed, such as {@code creating topic images}
     * @param patience how long the client has tried before it gave up
     */
    static BrokerException of(String servers, String doing, Duration patience, Throwable failure) {
        Throwable root = root(failure);
        String why;
        if (root instanceof SaslAuthenticationException) {
            why = "broker " + servers + " refuses the user or password (" + line(root) + ")";
        } else if (root instanceof SslAuthenticationException) {
            why = "TLS with broker " + servers + " failed (" + line(root) + "): check the trust store";
        } else if (root instanceof AuthorizationException) {
            why = "broker " + servers + " does not allow it (" + line(root) + ")";
        } else if (root instanceof TimeoutException) {
            why = "broker " + servers + " has not answered within " + patience.toSeconds()
                    + " s: check that it runs, the address and the security settings";
        } else if (root instanceof ConfigException) {
            why = "the settings for broker " + servers + " are wrong: " + line(root);
        } else {
            why = "broker " + servers + ": " + line(root);
        }
        return new BrokerException(doing + ": " + why, root);
    }

    /** What clients wrap their failures in says nothing. */
    private static Throwable root(Throwable failure) {
        Throwable at = failure;
        Throwable cause = at.getCause();
        while (cause != null && isWrapper(at)) {
            at = cause;
            cause = at.getCause();
        }
        return at;
    }

    private static boolean isWrapper(Throwable t) {
        return t instanceof ExecutionException
                || t instanceof CompletionException
                || t.getClass() == KafkaException.class;
    }

    private static String line(@Nullable Throwable t) {
        if (t == null) {
            return "";
        }
        String message = t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage();
        return message.lines().findFirst().orElse("");
    }
}
