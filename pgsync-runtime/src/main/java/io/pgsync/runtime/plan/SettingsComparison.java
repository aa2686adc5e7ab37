package io.pgsync.runtime.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.elasticsearch.examination.FlatSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** Compares the settings of an index with those of a new one. */
final class SettingsComparison {
    private static final String FIELD_LIMIT = "index.mapping.total_fields.limit";
    private static final String ANALYSIS = "index.analysis.";

    /** What the engine, or a run of ours for a while, gives an index; none of it is anybody's wish. */
    private static final List<String> OF_THE_ENGINE = List.of(
            "index.auto_expand_replicas",
            "index.blocks.",
            "index.creation_date",
            "index.hidden",
            "index.history.",
            "index.number_of_",
            "index.provided_name",
            "index.replication.",
            "index.resize.",
            "index.routing.",
            "index.routing_partition_size",
            "index.uuid",
            "index.verified_before_close",
            "index.version.");

    private SettingsComparison() {}

    /**
     * By name. {@code wanted}: those that are given for a new index, in any notation. Settings of the index that nobody
     * wants are differences too, if somebody has given them.
     */
    static List<SettingDifference> between(ObjectNode live, ObjectNode wanted) {
        SortedMap<String, ObjectNode> now = grouped(FlatSettings.of(live));
        SortedMap<String, ObjectNode> then = grouped(FlatSettings.of(wanted));
        var names = new TreeSet<>(now.keySet());
        names.addAll(then.keySet());
        var differences = new ArrayList<SettingDifference>();
        for (String name : names) {
            Optional<ObjectNode> has = Optional.ofNullable(now.get(name));
            Optional<ObjectNode> wants = Optional.ofNullable(then.get(name));
            boolean counts = wants.isPresent() || OF_THE_ENGINE.stream().noneMatch(name::startsWith);
            if (counts && !isSame(name, has, wants)) {
                differences.add(difference(name, has, wants));
            }
        }
        return differences;
    }

    /** All settings of one analyzer, filter and so on together. */
    private static SortedMap<String, ObjectNode> grouped(Map<String, JsonNode> flat) {
        var groups = new TreeMap<String, ObjectNode>();
        flat.forEach((name, value) -> groups.computeIfAbsent(group(name), key -> JsonNodeFactory.instance.objectNode())
                .set(name, text(value)));
        return groups;
    }

    static String group(String name) {
        if (!name.startsWith(ANALYSIS)) {
            return name;
        }
        int end = name.indexOf('.', name.indexOf('.', ANALYSIS.length()) + 1);
        return end < 0 ? name : name.substring(0, end);
    }

    /** The engine gives every value back as a text. */
    private static JsonNode text(JsonNode value) {
        if (!value.isArray()) {
            return value.isNull() ? value : JsonNodeFactory.instance.textNode(value.asText());
        }
        var texts = JsonNodeFactory.instance.arrayNode();
        StreamSupport.stream(value.spliterator(), false).map(JsonNode::asText).forEach(texts::add);
        return texts;
    }

    private static boolean isSame(String name, Optional<ObjectNode> live, Optional<ObjectNode> wanted) {
        return live.equals(wanted) || (name.equals(FIELD_LIMIT) && live.isPresent() && limit(live) >= limit(wanted));
    }

    private static long limit(Optional<ObjectNode> group) {
        return group.map(given -> given.path(FIELD_LIMIT).asLong()).orElse(0L);
    }

    private static SettingDifference difference(String name, Optional<ObjectNode> live, Optional<ObjectNode> wanted) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        live.ifPresent(group -> group.fieldNames().forEachRemaining(body::putNull));
        wanted.ifPresent(body::setAll);
        return new SettingDifference(name, value(name, live), value(name, wanted), body);
    }

    /** Of a single setting its value, of several all of them. */
    private static JsonNode value(String name, Optional<ObjectNode> group) {
        return group.<JsonNode>map(given -> given.has(name) ? given.get(name) : given)
                .orElse(MissingNode.getInstance());
    }
}
