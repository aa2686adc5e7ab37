package io.pgsync.elasticsearch.examination;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Settings of an index by their full names, whatever the notation in which they are given. */
public final class FlatSettings {
    private static final String INDEX = "index.";

    private FlatSettings() {}

    /** {@code settings}: those below {@code index}, or with it before their names. */
    public static SortedMap<String, JsonNode> of(JsonNode settings) {
        var flat = new TreeMap<String, JsonNode>();
        add("", settings, flat);
        return flat;
    }

    private static void add(String prefix, JsonNode settings, Map<String, JsonNode> flat) {
        settings.properties().forEach(setting -> {
            String name = prefix + setting.getKey();
            if (setting.getValue().isObject()) {
                add(name + ".", setting.getValue(), flat);
            } else {
                flat.put(name.startsWith(INDEX) ? name : INDEX + name, setting.getValue());
            }
        });
    }
}
