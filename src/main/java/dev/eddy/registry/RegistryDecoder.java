package dev.eddy.registry;

import dev.eddy.image.AvroImages;
import dev.eddy.image.Geometry;
import dev.eddy.image.Image;
import dev.eddy.image.InvalidImageException;
import dev.eddy.stream.RecordDecoder;
import io.apicurio.registry.serde.SerdeConfig;
import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerdeConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.header.Headers;

/**
 * Decodes Avro records of a schema registry, as Apicurio's serializer writes them: the id of the schema in front of the
 * record (a zero byte and eight more; {@code apicurio.registry.as-confluent=true} for four) or in its headers. What the
 * schema names has to resolve to {@link AvroImages#SCHEMA}.
 *
 * <p>As long as the registry keeps what it once had under an id, a record that was an image gives the same one at any
 * time. One whose id is unknown is no image; if that id is registered later, a replay makes one of it.
 */
public final class RegistryDecoder implements RecordDecoder {

    private final SchemaLookup schemas;
    private final AvroKafkaDeserializer<GenericRecord> deserializer = new AvroKafkaDeserializer<>();
    private final Geometry geometry;

    /**
     * Asks for nothing yet.
     *
     * @param url of the registry, with or without its path
     * @param properties of Apicurio's deserializer, {@code apicurio.*}
     * @param geometry of the images
     */
    public RegistryDecoder(String url, Map<String, ?> properties, Geometry geometry) {
        this(url, properties, geometry, SchemaLookup.PATIENCE, System::nanoTime);
    }

    RegistryDecoder(
            String url, Map<String, ?> properties, Geometry geometry, Duration patience, LongSupplier nanoTime) {
        this.schemas = new SchemaLookup(url, patience, nanoTime);
        this.geometry = geometry;
        Map<String, Object> all = new HashMap<>();
        all.put(SerdeConfig.ENABLE_HEADERS, true);
        all.putAll(properties);
        all.put(SerdeConfig.REGISTRY_URL, url);
        all.put(AvroKafkaSerdeConfig.AVRO_DATUM_PROVIDER, ImageDatums.class);
        deserializer.setSchemaResolver(schemas);
        deserializer.configure(all, false);
    }

    @Override
    public String format() {
        return "avro of a schema registry";
    }

    @Override
    public void check() {
        schemas.check();
    }

    @Override
    public Image decode(Headers headers, byte[] value) {
        if (value.length == 0) {
            throw new InvalidImageException("the record is empty (0 bytes), so it holds no image");
        }
        try {
            return AvroImages.image(deserializer.deserialize("", headers, value), geometry);
        } catch (RegistryUnavailableException | AuthenticationException | InvalidImageException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new InvalidImageException(
                    "record of " + value.length
                            + " bytes is no Avro of a schema registry, which begins with a zero byte and the schema's id: "
                            + e.getMessage(),
                    e);
        }
    }
}
