package io.pgsync.runtime.placement;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What an entry of the schema file says of its documents, apart from where they come from and where they go. */
public final class EntryDefinition {
    private static final List<String> PLACES = List.of("database", "index");
    /** Their variables are replaced in a definition that was taken from a state, so they may differ in words alone. */
    private static final List<String> WITH_VARIABLES = List.of("routing", "pipeline");

    private EntryDefinition() {}

    /** The members that can be compared word by word. */
    static ObjectNode of(ObjectNode entry) {
        return comparable(whole(entry));
    }

    static ObjectNode comparable(JsonNode definition) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        definition.propertyStream().forEach(member -> members.set(member.getKey(), member.getValue()));
        members.remove(WITH_VARIABLES);
        return members;
    }

    /** To be kept beside a placement. */
    public static ObjectNode whole(ObjectNode entry) {
        ObjectNode members = entry.deepCopy();
        members.remove(PLACES);
        return members;
    }

    /** The entry with another definition and another index. */
    static ObjectNode in(ObjectNode entry, JsonNode definition, String index) {
        ObjectNode placed = JsonNodeFactory.instance.objectNode();
        if (entry.has("database")) {
            placed.set("database", entry.get("database"));
        }
        placed.put("index", index);
        definition.propertyStream().forEach(member -> placed.set(member.getKey(), member.getValue()));
        return placed;
    }
}
