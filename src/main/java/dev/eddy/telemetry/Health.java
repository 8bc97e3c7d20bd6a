package dev.eddy.telemetry;

/**
 * How the application is, for probes and people.
 *
 * @param state name of the state, as Kafka Streams or the command calls it (RUNNING, REBALANCING, ERROR, ...)
 * @param live false when only a restart helps; {@code /health/live} then answers 503
 * @param ready whether records are being worked on; {@code /health/ready} answers 503 when not
 * @param detail one line for a person, empty when there is nothing to add
 */
public record Health(String state, boolean live, boolean ready, String detail) {}
