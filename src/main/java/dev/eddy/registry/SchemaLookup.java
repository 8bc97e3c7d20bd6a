package dev.eddy.registry;

import dev.eddy.image.InvalidImageException;
import io.apicurio.registry.resolver.DefaultSchemaResolver;
import io.apicurio.registry.resolver.SchemaLookupResult;
import io.apicurio.registry.resolver.data.Record;
import io.apicurio.registry.resolver.strategy.ArtifactReference;
import io.apicurio.registry.rest.client.exception.RestClientException;
import io.apicurio.registry.rest.v2.beans.Error;
import io.apicurio.rest.client.auth.exception.AuthException;
import io.apicurio.rest.client.auth.exception.ForbiddenException;
import io.apicurio.rest.client.auth.exception.NotAuthorizedException;
import io.apicurio.rest.client.error.ApicurioRestClientException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.errors.AuthenticationException;
import org.jspecify.annotations.Nullable;

/**
 * Apicurio's resolver of schemas, for a stream thread: it gives up after a while, which Apicurio's
 * client never does; a schema once found is kept for good, since what an id names never changes; and it tells apart
 * what the registry says of a reference ({@link InvalidImageException}) from a registry that says nothing
 * ({@link RegistryUnavailableException}) or refuses ({@link AuthenticationException}). Thread-safe.
 */
final class SchemaLookup extends DefaultSchemaResolver<Schema, GenericRecord> {

    static final Duration PATIENCE = Duration.ofSeconds(5); // a transaction of Kafka Streams lasts 10

    /** How long a refusal stands without asking again: short, for an id may be known a moment after its first record. */
    private static final long REFUSAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int MOST_REFUSALS = 1000;

    private static final ExecutorService CALLS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "eddy-schema-registry");
        thread.setDaemon(true);
        return thread;
    });

    /** A reference by value: Apicurio's own takes references for equal that share only some of their parts. */
    private record Key(
            @Nullable Long contentId,
            @Nullable String contentHash,
            @Nullable Long globalId,
            @Nullable String group,
            @Nullable String artifact,
            @Nullable String version) {

        boolean isFixed() {
            return contentId != null || contentHash != null || globalId != null || version != null;
        }
    }

    private record Refusal(String message, long sinceNanos) {}

    private final String url;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private final Map<Key, SchemaLookupResult<Schema>> found = new ConcurrentHashMap<>();
    private final Map<Key, Refusal> refused = new ConcurrentHashMap<>();
    private volatile @Nullable SchemaLookupResult<Schema> written;

    SchemaLookup(String url, Duration patience, LongSupplier nanoTime) {
        this.url = RegistryUrl.withoutUser(url);
        this.patience = patience;
        this.nanoTime = nanoTime;
    }

    /** Asks for nothing but an answer. */
    void check() {
        var unused = call(() -> client.getCurrentUserInfo());
    }

    @Override
    public SchemaLookupResult<Schema> resolveSchemaByArtifactReference(ArtifactReference reference) {
        Key key = new Key(
                reference.getContentId(),
                reference.getContentHash(),
                reference.getGlobalId(),
                reference.getGroupId(),
                reference.getArtifactId(),
                reference.getVersion());
        if (!key.isFixed()) {
            throw new InvalidImageException("the record names no version of a schema of the registry");
        }
        SchemaLookupResult<Schema> known = found.get(key);
        if (known == null) {
            known = ask(key, () -> super.resolveSchemaByArtifactReference(reference));
            found.put(key, known);
        }
        return known;
    }

    /** So that a flood of records of an unknown schema is not one of requests. */
    private SchemaLookupResult<Schema> ask(Key key, Supplier<SchemaLookupResult<Schema>> request) {
        Refusal refusal = refused.get(key);
        if (refusal != null && nanoTime.getAsLong() - refusal.sinceNanos() < REFUSAL_NANOS) {
            throw new InvalidImageException(refusal.message());
        }
        try {
            return call(request);
        } catch (InvalidImageException e) {
            if (refused.size() >= MOST_REFUSALS) {
                refused.clear();
            }
            refused.put(key, new Refusal(String.valueOf(e.getMessage()), nanoTime.getAsLong()));
            throw e;
        }
    }

    /** For writing: there is one schema to write, so it is registered once. */
    @Override
    public SchemaLookupResult<Schema> resolveSchema(Record<GenericRecord> data) {
        SchemaLookupResult<Schema> known = written;
        if (known == null) {
            known = call(() -> super.resolveSchema(data));
            written = known;
        }
        return known;
    }

    private <R> R call(Supplier<R> request) {
        Future<R> answer = CALLS.submit(request::get);
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw told(e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw unavailable("no answer in " + patience.toMillis() + " ms");
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw unavailable("interrupted while waiting for it");
        }
    }

    private RuntimeException told(@Nullable Throwable fault) {
        if (fault instanceof NotAuthorizedException
                || fault instanceof ForbiddenException
                || fault instanceof AuthException) {
            return new AuthenticationException("the schema registry at " + url + " refuses Eddy (" + fault.getMessage()
                    + "): check apicurio.auth.* in the configuration");
        }
        if (fault instanceof RestClientException answer) {
            Error error = answer.getError();
            int status = error.getErrorCode() == null ? 0 : error.getErrorCode();
            // An error of the registry's own has a name; the 404 of a proxy, or of another server, has none.
            if (error.getName() != null && status >= 400 && status < 500 && status != 408 && status != 429) {
                return new InvalidImageException("the schema registry does not know the record's schema: "
                        + (error.getMessage() == null ? error.getName() : error.getMessage()));
            }
            return unavailable(status == 0 ? reason(error) : "it answers with status " + status);
        }
        if (fault instanceof ApicurioRestClientException || !(fault instanceof RuntimeException)) {
            return unavailable(String.valueOf(fault));
        }
        return new InvalidImageException(
                "the record's schema in the registry is none of Avro: " + fault.getMessage(), fault);
    }

    private static String reason(Error error) {
        String name = error.getName() == null ? "no answer" : error.getName();
        return error.getMessage() == null ? name : name + ": " + error.getMessage();
    }

    private RegistryUnavailableException unavailable(String reason) {
        return new RegistryUnavailableException("the schema registry at " + url + " cannot be asked (" + reason
                + "): check schema.registry.url and that it runs");
    }
}
