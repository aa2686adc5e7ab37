package io.pgsync.kafka.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the owner of a slot has recorded last. Everything up to {@code confirmed} lies in the work topics, acknowledged by the brokers; only then
 * it is confirmed to the slot, so a topic that is behind it has lost something.
 *
 * @param generation of the owner; a greater one has taken over
 * @param since the generation of the last load of everything: what was lost before it does not matter
 * @param stored every change up to here is stored in the indexes, and on record in their states
 * @param topics the identifiers of the topics by their names; a topic that was made anew has another one
 * @param partitions of each lane, by which the partition of a document is computed
 * @param numbers for each partition, {@code topic-number}, the number of the last acknowledged record by generation
 * @param done for each partition how far it was done: what lies before may be removed, and nothing else
 */
public record OwnerRecord(
        long generation,
        long since,
        Lsn confirmed,
        Lsn stored,
        Map<String, String> topics,
        int partitions,
        Map<String, Map<Long, Long>> numbers,
        Map<String, Committed> done) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, String>> NAMES = new TypeReference<>() {};
    private static final TypeReference<Map<String, Map<Long, Long>>> NUMBERS = new TypeReference<>() {};
    private static final TypeReference<Map<String, Committed>> DONE = new TypeReference<>() {};

    /** Before the first owner. */
    public static final OwnerRecord NONE = new OwnerRecord(0, 0, Lsn.ZERO, Lsn.ZERO, Map.of(), 0, Map.of(), Map.of());

    public OwnerRecord {
        topics = Map.copyOf(topics);
        numbers = Map.copyOf(numbers);
        done = Map.copyOf(done);
    }

    /** That of the next owner, which has recorded nothing yet; of {@code least} or a greater generation. */
    OwnerRecord next(long least) {
        return new OwnerRecord(
                Math.max(generation + 1, least), since, confirmed, stored, topics, partitions, numbers, done);
    }

    /** The same owner, which has everything loaded: what was lost before does not matter, nor how far that was done. */
    public OwnerRecord anew() {
        return new OwnerRecord(generation, generation, confirmed, stored, topics, partitions, numbers, Map.of());
    }

    /** The same owner with topics that it found or made. */
    public OwnerRecord over(Map<String, String> topics, int partitions) {
        return new OwnerRecord(generation, since, confirmed, stored, topics, partitions, numbers, done);
    }

    /** The same owner, which has got further. */
    public OwnerRecord at(
            Lsn confirmed, Lsn stored, Map<String, Map<Long, Long>> numbers, Map<String, Committed> done) {
        return new OwnerRecord(generation, since, confirmed, stored, topics, partitions, numbers, done);
    }

    byte[] bytes() {
        ObjectNode json = JSON.createObjectNode()
                .put("generation", generation)
                .put("since", since)
                .put("confirmed", confirmed.toString())
                .put("stored", stored.toString())
                .put("partitions", partitions);
        json.set("topics", JSON.valueToTree(new TreeMap<>(topics)));
        json.set("numbers", JSON.valueToTree(new TreeMap<>(numbers)));
        json.set("done", JSON.valueToTree(new TreeMap<>(done)));
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    static OwnerRecord of(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
            return new OwnerRecord(
                    json.required("generation").asLong(),
                    json.required("since").asLong(),
                    Lsn.parse(json.required("confirmed").asText()),
                    Lsn.parse(json.required("stored").asText()),
                    JSON.convertValue(json.required("topics"), NAMES),
                    json.required("partitions").asInt(),
                    JSON.convertValue(json.required("numbers"), NUMBERS),
                    JSON.convertValue(json.required("done"), DONE));
        } catch (JsonProcessingException | IllegalArgumentException damage) {
            throw new SyncException(
                    Remedy.STOP,
                    "What Kafka has recorded of the slot's owner cannot be read: %s. Start the release that wrote it, or bootstrap again"
                            .formatted(damage.getMessage()),
                    damage);
        }
    }
}
