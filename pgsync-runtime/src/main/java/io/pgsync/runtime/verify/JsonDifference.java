package io.pgsync.runtime.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds where two JSON values differ. The order of keys and the forms of numbers are no difference. */
final class JsonDifference {
    /** More places of one document tell nothing new. */
    static final int MOST_PATHS = 10;

    private final boolean isRewritten;
    private final List<String> paths = new ArrayList<>();

    private JsonDifference(boolean isRewritten) {
        this.isRewritten = isRewritten;
    }

    /**
     * The first paths that differ, such as {@code authors[2].name}; {@code isRewritten}: whether the engine writes
     * numbers with a fraction as the nearest double.
     */
    static List<String> paths(JsonNode built, JsonNode stored, boolean isRewritten) {
        var difference = new JsonDifference(isRewritten);
        difference.compare("", built, stored);
        return difference.paths;
    }

    private void compare(String path, JsonNode built, JsonNode stored) {
        if (paths.size() >= MOST_PATHS) {
            return;
        }
        if (built.isObject() && stored.isObject()) {
            names(built, stored).forEach(name -> compare(below(path, name), built.path(name), stored.path(name)));
        } else if (built.isArray() && stored.isArray()) {
            for (int i = 0; i < Math.max(built.size(), stored.size()); i++) {
                compare(path + "[" + i + "]", built.path(i), stored.path(i));
            }
        } else if (!isSame(built, stored)) {
            paths.add(path);
        }
    }

    private static String below(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static Set<String> names(JsonNode built, JsonNode stored) {
        var names = new LinkedHashSet<String>();
        built.fieldNames().forEachRemaining(names::add);
        stored.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private boolean isSame(JsonNode built, JsonNode stored) {
        return (built.isNumber() && stored.isNumber()) ? isSameNumber(built, stored) : built.equals(stored);
    }

    private boolean isSameNumber(JsonNode built, JsonNode stored) {
        return built.decimalValue().compareTo(stored.decimalValue()) == 0
                || (isRewritten
                        && !built.isIntegralNumber()
                        && Double.compare(built.doubleValue(), stored.doubleValue()) == 0);
    }
}
