package dev.eddy.registry;

import dev.eddy.image.AvroImages;
import io.apicurio.registry.serde.avro.AvroDatumProvider;
import io.apicurio.registry.serde.avro.AvroKafkaSerdeConfig;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;

/** Has Apicurio's serdes read whatever was written as a record of the schema of images; they make it by reflection. */
public final class ImageDatums implements AvroDatumProvider<GenericRecord> {

    @Override
    public DatumReader<GenericRecord> createDatumReader(Schema writer) {
        return AvroImages.reader(writer);
    }

    @Override
    public DatumWriter<GenericRecord> createDatumWriter(GenericRecord record, Schema schema) {
        return new GenericDatumWriter<>(schema);
    }

    @Override
    public Schema toSchema(GenericRecord record) {
        return record.getSchema();
    }

    @Override
    public void configure(AvroKafkaSerdeConfig config) {}
}
