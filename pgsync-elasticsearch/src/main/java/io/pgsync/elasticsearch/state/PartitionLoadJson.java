package io.pgsync.elasticsearch.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.BackfillProgress.Phase;
import io.pgsync.core.checkpoint.PartitionLoad;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The form of a {@link PartitionLoad} inside the progress of a load. An earlier release does not know its phase: where
 * it is under way, that release finds a load of the whole index, which includes it.
 */
final class PartitionLoadJson {
    private static final String PARTITIONS = "partitions";
    private static final String IS_NOW = "is_now";
    private static final String TABLES = "tables";
    private static final String LAST_KEY = "last_key";

    private PartitionLoadJson() {}

    static String phase(BackfillProgress backfill) {
        return (backfill.phase() == Phase.PARTITIONS ? Phase.LOADING : backfill.phase()).name();
    }

    static Phase readPhase(JsonNode backfill) {
        return backfill.path(PARTITIONS).path(IS_NOW).asBoolean()
                ? Phase.PARTITIONS
                : Phase.valueOf(backfill.required("phase").asText());
    }

    static void write(BackfillProgress backfill, ObjectNode json) {
        backfill.partitions().ifPresent(load -> {
            ObjectNode part = json.putObject(PARTITIONS);
            part.put(IS_NOW, backfill.phase() == Phase.PARTITIONS);
            part.put("cause", load.cause());
            if (load.isWhole()) {
                part.put("is_whole", true);
            }
            if (!load.tables().isEmpty()) {
                put(part.putArray(TABLES), load.tables());
            }
            load.where().ifPresent(condition -> part.put("where", condition));
            load.lastKey().ifPresent(key -> put(part.putArray(LAST_KEY), key));
        });
    }

    private static void put(ArrayNode array, Collection<String> texts) {
        texts.forEach(array::add);
    }

    static Optional<PartitionLoad> read(JsonNode backfill) {
        return Optional.ofNullable(backfill.get(PARTITIONS))
                .map(part -> new PartitionLoad(
                        texts(part.path(TABLES)),
                        Optional.ofNullable(part.get("where")).map(JsonNode::asText),
                        Optional.ofNullable(part.get(LAST_KEY)).map(PartitionLoadJson::texts),
                        part.path("is_whole").asBoolean(),
                        part.required("cause").asText()));
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }
}
