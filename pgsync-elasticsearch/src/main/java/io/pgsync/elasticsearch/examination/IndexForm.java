package io.pgsync.elasticsearch.examination;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Mappings and settings of an index, in the engine's own words.
 *
 * @param name its own, where it was asked for by an alias
 * @param mappings without what is noted there about a load under way
 * @param settings by their full names; during a load, those that are restored at its end
 */
public record IndexForm(String name, ObjectNode mappings, ObjectNode settings) {
    private static final String META = "_meta";
    /** What {@link io.pgsync.elasticsearch.index.LoadingSettings} has changed for the time of a load. */
    private static final String BEFORE_LOAD = "pgsync_before_load";

    /** {@code answer}: the engine's to {@code GET /<index>?flat_settings=true}. */
    static IndexForm of(JsonNode answer) {
        String name = answer.fieldNames().next();
        JsonNode index = answer.path(name);
        ObjectNode mappings = object(index.path("mappings"));
        ObjectNode settings = object(index.path("settings"));
        mappings.path(META).path(BEFORE_LOAD).properties().forEach(before -> {
            String setting = "index." + before.getKey();
            if (before.getValue().isNull()) {
                settings.remove(setting);
            } else {
                settings.set(setting, before.getValue());
            }
        });
        mappings.remove(META);
        return new IndexForm(name, mappings, settings);
    }

    /** The engine's identifier of the index, another one whenever it is created again. */
    public String uuid() {
        return settings.path("index.uuid").asText();
    }

    private static ObjectNode object(JsonNode json) {
        return json instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
    }
}
