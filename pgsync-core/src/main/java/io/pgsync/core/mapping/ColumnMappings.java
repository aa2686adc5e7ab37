package io.pgsync.core.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.schema.DocumentTree;
import io.pgsync.core.schema.Field;
import io.pgsync.core.schema.TreeNode;
import io.pgsync.core.schema.Variant;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Derives a {@code mappings} body from the columns of a tree. */
final class ColumnMappings {
    static final String META = "_meta";
    static final String DATE_DETECTION = "date_detection";

    private static final String PROPERTIES = "properties";
    private static final String FROM_ROOT = "$root.";

    private final DocumentTree tree;
    private final ObjectNode root = JsonNodeFactory.instance.objectNode();
    private final ArrayNode templates = JsonNodeFactory.instance.arrayNode();

    ColumnMappings(DocumentTree tree) {
        this.tree = tree;
    }

    ObjectNode body() {
        addFields(tree.root(), "", root.putObject(PROPERTIES));
        addMoved(tree.root(), root.withObjectProperty(PROPERTIES));
        addMeta(meta());
        addNumbersOfJson("long");
        addNumbersOfJson("double");
        root.put(DATE_DETECTION, false);
        root.set("dynamic_templates", templates);
        return root;
    }

    /** Open for the tables that a later version of the schema file adds, even where the user forbids new fields. */
    private ObjectNode meta() {
        templates
                .insertObject(0)
                .putObject("pgsync_meta")
                .put("path_match", META + ".*.*")
                .putObject("mapping")
                .put("type", "keyword");
        return root.withObjectProperty(PROPERTIES)
                .putObject(META)
                .put("type", "object")
                .put("dynamic", true);
    }

    /** Whole or not, a number in a json column is of one type, and a text in its place does not cost the document. */
    private void addNumbersOfJson(String detected) {
        ObjectNode template = templates.addObject().putObject("pgsync_json_" + detected);
        template.put("match_mapping_type", detected);
        template.putObject("mapping").put("type", "double").put("ignore_malformed", true);
    }

    private void addFields(TreeNode node, String path, ObjectNode properties) {
        for (Field field : node.fields()) {
            put(properties, FinishedNames.of(node, field.name()), path, typeOf(node, field));
        }
        for (TreeNode child : node.children()) {
            addChild(node, child, path, properties);
        }
        for (JsonNode concat : oneOrMany(node.transform().path("concat"))) {
            properties.set(concat.path("destination").asText(), FieldType.TEXT.mapping());
        }
    }

    private void addChild(TreeNode node, TreeNode child, String path, ObjectNode properties) {
        String name = FinishedNames.of(node, child.label());
        if (child.variant() == Variant.SCALAR) {
            put(properties, name, path, typeOf(child, child.fields().get(0)));
        } else {
            addFields(child, path + name + ".", properties.putObject(name).putObject(PROPERTIES));
        }
    }

    private static FieldType typeOf(TreeNode node, Field field) {
        FieldType type = FieldType.of(field, node.typeOf(field.column()));
        // A replacement may leave something that is no date any more.
        return type == FieldType.DATE && node.transform().path("replace").has(field.name()) ? FieldType.TEXT : type;
    }

    private void put(ObjectNode properties, String name, String path, FieldType type) {
        if (type == FieldType.DYNAMIC) {
            properties.remove(name);
            return;
        }
        properties.set(name, type.mapping());
        if (type == FieldType.TEXTS_BY_KEY) {
            addTemplate("pgsync_" + path + name, path + name + ".*", FieldType.TEXT.mapping());
        }
    }

    private void addTemplate(String name, String path, ObjectNode mapping) {
        templates.addObject().putObject(name).put("path_match", path).set("mapping", mapping);
    }

    /** {@code properties}: those of the node's own object. */
    private void addMoved(TreeNode node, ObjectNode properties) {
        for (TreeNode child : node.children()) {
            JsonNode ofChild =
                    properties.path(FinishedNames.of(node, child.label())).path(PROPERTIES);
            if (ofChild instanceof ObjectNode object) {
                addMoved(child, object);
            }
        }
        for (JsonNode move : oneOrMany(node.transform().path("move"))) {
            String destination = move.path("destination").asText();
            ObjectNode start = destination.startsWith(FROM_ROOT) ? root.withObjectProperty(PROPERTIES) : properties;
            Optional.ofNullable(properties.remove(move.path("column").asText()))
                    .ifPresent(mapping -> place(start, destination.replace(FROM_ROOT, ""), mapping));
        }
    }

    private static void place(ObjectNode properties, String path, JsonNode mapping) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            properties.set(path, mapping);
            return;
        }
        ObjectNode object = properties.withObjectProperty(path.substring(0, dot));
        if (!object.has("type")) {
            place(object.withObjectProperty(PROPERTIES), path.substring(dot + 1), mapping);
        }
    }

    private void addMeta(ObjectNode meta) {
        for (KeyColumn column : KeyColumn.of(tree)) {
            meta.withObjectProperty(PROPERTIES)
                    .withObjectProperty(column.entry())
                    .withObjectProperty(PROPERTIES)
                    .putObject(column.field())
                    .put("type", "keyword");
        }
    }

    private static List<JsonNode> oneOrMany(JsonNode rules) {
        return rules.isArray()
                ? StreamSupport.stream(rules.spliterator(), false).toList()
                : rules.isObject() ? List.of(rules) : List.of();
    }
}
