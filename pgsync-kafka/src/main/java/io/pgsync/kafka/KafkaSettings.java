package io.pgsync.kafka;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * How Kafka's brokers are reached. Whatever Kafka's clients take is passed on: {@code security.protocol}, {@code sasl.…}, {@code ssl.…}. A
 * secret can stay in a file of its own, by Kafka's own means: {@code config.providers=file} and {@code ${file:/run/secrets/kafka:password}}.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param client properties of every client; {@code bootstrap.servers} among them has no effect
 */
public record KafkaSettings(String bootstrapServers, Map<String, String> client) {
    private static final String BOOTSTRAP_SERVERS = "bootstrap.servers";

    public KafkaSettings {
        client = Map.copyOf(client);
        if (bootstrapServers.isBlank()) {
            throw new SyncException(Remedy.STOP, "Nothing says where Kafka is");
        }
    }

    /** Brokers without encryption and login. */
    public static KafkaSettings of(String bootstrapServers) {
        return new KafkaSettings(bootstrapServers, Map.of());
    }

    /** The same brokers, with the properties of a file in the form that Kafka's own tools take ({@code --command-config}). */
    public KafkaSettings withFile(Path file) {
        var properties = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new SyncException(
                    Remedy.STOP, "Cannot read the Kafka properties in %s: %s".formatted(file, e.getMessage()), e);
        }
        var all = new HashMap<>(client);
        properties.stringPropertyNames().forEach(name -> all.put(name, properties.getProperty(name)));
        return new KafkaSettings(bootstrapServers, all);
    }

    /** What a client of Kafka takes; {@code own} wins. */
    public Map<String, Object> with(Map<String, ?> own) {
        var all = new HashMap<String, Object>(client);
        all.put(BOOTSTRAP_SERVERS, bootstrapServers);
        all.putAll(own);
        return all;
    }

    /** Without the values, which may be secrets. */
    @Override
    public String toString() {
        return "%s %s"
                .formatted(bootstrapServers, client.keySet().stream().sorted().collect(Collectors.toList()));
    }
}
