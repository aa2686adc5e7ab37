package io.pgsync.cli.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * JSON for programs, with escapes for everything but ASCII: a process without a locale, as supervisors start it, would
 * print question marks.
 */
public final class JsonText {
    private static final ObjectWriter LINE = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build()
            .writer();

    private JsonText() {}

    /** On one line. */
    public static String line(JsonNode json) {
        return text(LINE, json);
    }

    /** On several lines. */
    public static String pretty(JsonNode json) {
        return text(LINE.withDefaultPrettyPrinter(), json);
    }

    private static String text(ObjectWriter writer, JsonNode json) {
        try {
            return writer.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of JSON cannot be written", e);
        }
    }
}
