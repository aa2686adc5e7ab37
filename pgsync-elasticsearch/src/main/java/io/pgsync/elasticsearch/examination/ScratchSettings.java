package io.pgsync.elasticsearch.examination;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The settings of an index that is only asked about: those that decide what mappings and settings it takes, such as its
 * analyzers, without those that cost the cluster something or that the engine gives itself.
 */
final class ScratchSettings {
    private static final List<String> LEFT_OUT = List.of(
            "index.allocation.",
            "index.auto_expand_replicas",
            "index.blocks.",
            "index.creation_date",
            "index.default_pipeline",
            "index.final_pipeline",
            "index.history.",
            "index.lifecycle.",
            "index.number_of_",
            "index.plugins.index_state_management.",
            "index.provided_name",
            "index.refresh_interval",
            "index.replication.",
            "index.resize.",
            "index.routing.",
            "index.routing_partition_size",
            "index.shrink.",
            "index.uuid",
            "index.verified_before_close",
            "index.version.");

    private ScratchSettings() {}

    /** {@code settings}: with or without {@code index} before the names, in objects or with dots. */
    static ObjectNode of(ObjectNode settings) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        FlatSettings.of(settings).forEach((name, value) -> {
            if (LEFT_OUT.stream().noneMatch(name::startsWith)) {
                kept.set(name, value);
            }
        });
        return kept.put("index.number_of_shards", 1)
                .put("index.number_of_replicas", 0)
                .put("index.hidden", true);
    }
}
