package io.pgsync.elasticsearch.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.document.MetaKeys;
import io.pgsync.core.mapping.KeyColumn;
import io.pgsync.elasticsearch.EngineKind;
import io.pgsync.elasticsearch.index.KeyField.State;
import io.pgsync.elasticsearch.lookup.MetaKeyLookup;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How an index maps the fields by which documents are found. A form of mapping counts as finding every value of a
 * column only if a test on the engine has shown it ({@code KeyFormsIT}).
 *
 * @param kind the engine of the index
 * @param mappings mappings of the index, as in the engine's answer
 * @param settings settings of the index, flat, as in the engine's answer
 */
record KeyMapping(EngineKind kind, JsonNode mappings, JsonNode settings) {
    /** As many characters as always fit into the engine's longest term, 32,766 bytes. */
    private static final int LONGEST_TEXT = 8_191;

    /** The depth of nested objects in a flattened field. */
    private static final int DEFAULT_DEPTH = 20;

    private static final String KEYWORD = "keyword";
    private static final String FLATTENED = "flattened";
    private static final String IGNORE_ABOVE = "ignore_above";
    private static final String IGNORE_MALFORMED = "ignore_malformed";

    private static final Set<String> INTEGERS = Set.of("int2", "int4", "int8", "oid");
    private static final Set<String> NUMBERS = Set.of("int2", "int4", "int8", "oid", "numeric", "float4", "float8");

    /** They index the values of all types, if they accept them. */
    private static final Set<String> WHOLE = Set.of(KEYWORD, "date", "date_nanos", "ip");
    /** For other columns they drop empty strings, or NaN; for fractions see {@link MetaKeyLookup}. */
    private static final Map<String, Set<String>> OF_COLUMNS = Map.of(
            "long", NUMBERS,
            "integer", INTEGERS,
            "short", INTEGERS,
            "byte", INTEGERS,
            "double", NUMBERS,
            "float", NUMBERS,
            "half_float", NUMBERS,
            "boolean", Set.of("bool"));

    /** {@code index}: one index in the engine's answer to {@code GET /<index>?flat_settings=true}. */
    static KeyMapping of(EngineKind kind, JsonNode index) {
        return new KeyMapping(kind, index.path("mappings"), index.path("settings"));
    }

    List<KeyField> fields(List<KeyColumn> keys) {
        return keys.stream().map(this::field).toList();
    }

    KeyField field(KeyColumn key) {
        if (isFalse(mappings, "enabled")) {
            return closed(key);
        }
        if (mappings.path("runtime").path(key.path()) instanceof ObjectNode runtime) {
            return isWholeFromSource(runtime, key) ? found(key) : closed(key);
        }
        boolean unseen = isNotDynamic(mappings)
                || settings.path("index.mapping.total_fields.ignore_dynamic_beyond_limit")
                        .asBoolean();
        return step(mappings, key.path(), key, unseen);
    }

    /** {@code false}, or OpenSearch's {@code false_allow_templates}: what no template names is stored without an index. */
    private static boolean isNotDynamic(JsonNode object) {
        return object.path("dynamic").asText().startsWith("false");
    }

    /** Each dot of a name may separate an object and its field. */
    private KeyField step(JsonNode object, String rest, KeyColumn key, boolean unseen) {
        JsonNode properties = object.path("properties");
        if (properties.path(rest) instanceof ObjectNode field) {
            return leaf(key, field);
        }
        int dot = rest.indexOf('.');
        JsonNode below = dot < 0 ? MissingNode.getInstance() : properties.path(rest.substring(0, dot));
        if (!(below instanceof ObjectNode found)) {
            return new KeyField(key.path(), unseen ? State.UNSEEN : State.NEW, key.path(), keyword());
        }
        String type = found.path("type").asText("object");
        if (type.equals(FLATTENED)) {
            return flattened(key, found, rest.substring(dot + 1));
        }
        if (!type.equals("object") || isFalse(found, "enabled")) {
            return closed(key);
        }
        boolean unseenBelow = found.has("dynamic") ? isNotDynamic(found) : unseen;
        return step(found, rest.substring(dot + 1), key, unseenBelow);
    }

    /** The engine refuses documents that are too deep, but does not note which values were too long. */
    private KeyField flattened(KeyColumn key, ObjectNode object, String rest) {
        String place = key.path().substring(0, key.path().length() - rest.length() - 1);
        if (isFalse(object, "index")) {
            return closed(key);
        }
        boolean tooDeep = object.path("depth_limit").asInt(DEFAULT_DEPTH) < rest.split("\\.", -1).length;
        ObjectNode whole = object.deepCopy();
        whole.remove("depth_limit");
        boolean tooLong = raiseLimit(whole);
        State state = tooLong ? State.UNSEEN : tooDeep ? State.NEW : State.FOUND;
        return new KeyField(key.path(), state, place, whole);
    }

    private KeyField leaf(KeyColumn key, ObjectNode field) {
        ObjectNode whole = field.deepCopy();
        if (!(KeyField.exact(whole) instanceof ObjectNode exact)
                || !finds(exact, key.type())
                || dropsMalformed(exact)
                || mappings.path("runtime").has(key.path() + "." + KEYWORD)) {
            return closed(key);
        }
        boolean omits = exact.path("type").asText().equals(KEYWORD) ? raiseLimit(exact) : refuseMalformed(exact);
        return new KeyField(key.path(), omits ? State.SHORTENED : State.FOUND, key.path(), whole);
    }

    private static boolean finds(ObjectNode exact, ColumnType column) {
        String type = exact.path("type").asText();
        boolean hidden = isFalse(exact, "index") && isFalse(exact, "doc_values");
        return !hidden
                && !exact.has("script")
                && (WHOLE.contains(type)
                        || OF_COLUMNS.getOrDefault(type, Set.of()).contains(column.baseName()));
    }

    /** Whether values of another form are left out without a note, whatever the field itself says. */
    private boolean dropsMalformed(ObjectNode exact) {
        return !exact.path("type").asText().equals(KEYWORD)
                && !kind.fieldsMayRefuseWhatIndexesIgnore()
                && settings.path("index.mapping.ignore_malformed").asBoolean();
    }

    /** True if there was a lower limit. */
    private boolean raiseLimit(ObjectNode field) {
        JsonNode limit =
                field.has(IGNORE_ABOVE) ? field.path(IGNORE_ABOVE) : settings.path("index.mapping.ignore_above");
        if (limit.asInt(LONGEST_TEXT) >= LONGEST_TEXT) {
            return false;
        }
        field.put(IGNORE_ABOVE, LONGEST_TEXT);
        return true;
    }

    /** True if malformed values were ignored before. */
    private boolean refuseMalformed(ObjectNode field) {
        JsonNode ignores = field.has(IGNORE_MALFORMED)
                ? field.path(IGNORE_MALFORMED)
                : settings.path("index.mapping.ignore_malformed");
        if (!ignores.asBoolean()) {
            return false;
        }
        field.put(IGNORE_MALFORMED, false);
        return true;
    }

    /** A runtime field hides an indexed one, and is computed from the source at each search. */
    private boolean isWholeFromSource(ObjectNode runtime, KeyColumn key) {
        JsonNode source = mappings.path("_source");
        boolean excluded = source.has("includes")
                || source.path("excludes")
                        .valueStream()
                        .anyMatch(path -> !path.asText().equals(hidden()))
                || (source.has("excludes") && key.path().startsWith(hidden()));
        boolean none = isFalse(source, "enabled")
                || settings.path("index.mapping.source.mode").asText().equals("disabled");
        return runtime.path("type").asText().equals(KEYWORD) && !runtime.has("script") && !excluded && !none;
    }

    private static String hidden() {
        return "_meta." + MetaKeys.UNLINKED;
    }

    private KeyField found(KeyColumn key) {
        return new KeyField(key.path(), State.FOUND, key.path(), keyword());
    }

    private KeyField closed(KeyColumn key) {
        return new KeyField(key.path(), State.CLOSED, key.path(), keyword());
    }

    /** With its own limit if the index has one. */
    private ObjectNode keyword() {
        ObjectNode keyword = JsonNodeFactory.instance.objectNode().put("type", KEYWORD);
        raiseLimit(keyword);
        return keyword;
    }

    private static boolean isFalse(JsonNode object, String parameter) {
        return object.path(parameter).asText().equals("false");
    }
}
