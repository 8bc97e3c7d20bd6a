package dev.eddy.registry;

import dev.eddy.image.AvroImages;
import dev.eddy.image.Image;
import dev.eddy.image.ImageEncoder;
import io.apicurio.registry.serde.SerdeConfig;
import io.apicurio.registry.serde.avro.AvroKafkaSerdeConfig;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;

/** Writes images as Avro records whose schema it registers under {@code TOPIC-value}. */
public final class RegistryEncoder implements ImageEncoder {

    private final String topic;
    private final SchemaLookup schemas;
    private final AvroKafkaSerializer<GenericRecord> serializer = new AvroKafkaSerializer<>();

    /**
     * Asks for nothing yet.
     *
     * @param url of the registry, with or without its path
     * @param properties of Apicurio's serializer, {@code apicurio.*}
     */
    public RegistryEncoder(String url, Map<String, ?> properties, String topic) {
        this.topic = topic;
        this.schemas = new SchemaLookup(url, SchemaLookup.PATIENCE, System::nanoTime);
        Map<String, Object> all = new HashMap<>();
        all.put(SerdeConfig.AUTO_REGISTER_ARTIFACT, true);
        all.putAll(properties);
        all.put(SerdeConfig.REGISTRY_URL, url);
        all.put(AvroKafkaSerdeConfig.AVRO_DATUM_PROVIDER, ImageDatums.class);
        serializer.setSchemaResolver(schemas);
        serializer.configure(all, false);
    }

    /**
     * Asks whether the registry is there.
     *
     * @throws org.apache.kafka.common.KafkaException with one line, if it is not
     */
    public void check() {
        schemas.check();
    }

    /**
     * Encodes one image; the first one registers the schema.
     *
     * @throws org.apache.kafka.common.KafkaException with one line, if the registry does not answer or refuses
     */
    @Override
    public byte[] encode(Image image) {
        return serializer.serialize(topic, AvroImages.record(image));
    }
}
