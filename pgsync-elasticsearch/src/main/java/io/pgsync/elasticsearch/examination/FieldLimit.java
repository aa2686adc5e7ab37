package io.pgsync.elasticsearch.examination;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.mapping.IndexMappings;
import io.pgsync.elasticsearch.index.CreationSettings;

/**
 * How many fields an index has and may have. Above the limit, the engine refuses to create an index, and refuses
 * documents with new fields.
 *
 * <p>Source: {@code index.mapping.total_fields.limit} in Elasticsearch's manual.
 */
record FieldLimit(String index, int fields, int limit, boolean exists) {
    private static final String SETTING = "mapping.total_fields.limit";
    private static final int DEFAULT = 1_000;
    private static final double NEARLY = 0.9;

    static FieldLimit ofNew(PlannedIndex plan) {
        JsonNode settings = CreationSettings.of(plan.settings(), plan.mappings());
        return new FieldLimit(plan.name(), IndexMappings.fieldCount(plan.mappings()), limit(settings), false);
    }

    /** {@code settings} and {@code mappings}: the engine's answers to requests for them, settings flat. */
    static FieldLimit ofExisting(PlannedIndex plan, JsonNode settings, JsonNode mappings) {
        int fields = IndexMappings.fieldCount(first(mappings).path("mappings"));
        int limit = first(settings).path("settings").path("index." + SETTING).asInt(DEFAULT);
        return new FieldLimit(plan.name(), Math.max(fields, IndexMappings.fieldCount(plan.mappings())), limit, true);
    }

    Finding finding() {
        String subject = "fields of " + index;
        String state = "%,d of %,d".formatted(fields, limit);
        if (fields > limit) {
            return Finding.problem(subject, state + ": the engine refuses more", remedy());
        }
        return fields > NEARLY * limit
                ? Finding.warning(subject, state + ": little room for fields that only values bring", remedy())
                : Finding.fine(subject, state);
    }

    private String remedy() {
        int enough = fields + DEFAULT;
        return exists
                ? "PUT /%s/_settings {\"index.%s\": %d}".formatted(index, SETTING, enough)
                : "In the schema file: \"setting\": {\"index.%s\": %d}".formatted(SETTING, enough);
    }

    private static JsonNode first(JsonNode answer) {
        return answer.elements().hasNext() ? answer.elements().next() : answer;
    }

    private static int limit(JsonNode settings) {
        String value = CreationSettings.value(settings, SETTING);
        return value.matches("\\d{1,9}") ? Integer.parseInt(value) : DEFAULT;
    }
}
