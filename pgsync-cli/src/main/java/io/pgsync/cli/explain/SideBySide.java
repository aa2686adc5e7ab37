package io.pgsync.cli.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stored document and the one that would be stored now, in one text: equal lines once, different ones twice with a
 * mark.
 */
public final class SideBySide {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String INDENT = "  ";

    private final Optional<JsonNode> stored;
    private final Optional<JsonNode> built;
    private final List<String> lines = new ArrayList<>();

    /** Either may be missing. */
    public SideBySide(Optional<JsonNode> stored, Optional<JsonNode> built) {
        this.stored = stored;
        this.built = built;
        if (stored.isPresent() || built.isPresent()) {
            add("", stored.orElse(null), built.orElse(null), 0, "");
        }
    }

    String verdict() {
        if (stored.isEmpty() && built.isEmpty()) {
            return "neither stored nor to be stored";
        }
        if (stored.isEmpty()) {
            return "not stored yet";
        }
        if (built.isEmpty()) {
            return "stored, but its root is gone";
        }
        return stored.equals(built)
                ? "stored as it would be built now"
                : "stored, but different from what would be built now";
    }

    List<String> lines() {
        return lines;
    }

    private void add(String name, @Nullable JsonNode old, @Nullable JsonNode now, int depth, String comma) {
        if (old != null && now != null && old.isObject() && now.isObject() && !old.equals(now)) {
            addFields(name, old, now, depth, comma);
        } else if (old != null && now != null && old.isArray() && now.isArray() && !old.equals(now)) {
            addElements(name, old, now, depth, comma);
        } else if (old != null && old.equals(now)) {
            addWhole(' ', name, old, depth, comma);
        } else {
            Optional.ofNullable(old).ifPresent(value -> addWhole('-', name, value, depth, comma));
            Optional.ofNullable(now).ifPresent(value -> addWhole('+', name, value, depth, comma));
        }
    }

    private void addFields(String name, JsonNode old, JsonNode now, int depth, String comma) {
        Set<String> fields = new LinkedHashSet<>();
        now.fieldNames().forEachRemaining(fields::add);
        old.fieldNames().forEachRemaining(fields::add);
        addLine(' ', depth, name + "{");
        for (Iterator<String> rest = fields.iterator(); rest.hasNext(); ) {
            String field = rest.next();
            add(quoted(field) + ": ", old.get(field), now.get(field), depth + 1, rest.hasNext() ? "," : "");
        }
        addLine(' ', depth, "}" + comma);
    }

    private void addElements(String name, JsonNode old, JsonNode now, int depth, String comma) {
        int size = Math.max(old.size(), now.size());
        addLine(' ', depth, name + "[");
        for (int i = 0; i < size; i++) {
            add("", old.get(i), now.get(i), depth + 1, i < size - 1 ? "," : "");
        }
        addLine(' ', depth, "]" + comma);
    }

    private void addWhole(char mark, String name, JsonNode value, int depth, String comma) {
        String text = name + value.toPrettyString() + comma;
        text.lines().forEach(line -> addLine(mark, depth, line));
    }

    private void addLine(char mark, int depth, String text) {
        lines.add(mark + " " + INDENT.repeat(depth) + text);
    }

    private static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("Every text can be written", e);
        }
    }
}
