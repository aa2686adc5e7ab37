package io.pgsync.core.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.schema.Variant;
import io.pgsync.core.transform.Transform.Move;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Field;
import io.pgsync.core.tree.TreeNode;
import java.util.List;
import java.util.Optional;

/** Derives a {@code mappings} body from the types of a tree's columns. */
final class ColumnMappings {
    static final String META = "_meta";
    static final String DATE_DETECTION = "date_detection";

    private static final String PROPERTIES = "properties";

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

    /**
     * Allows new fields for tables that a later version of the schema file adds, even if the user forbids new fields.
     */
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

    /**
     * Numbers in a json column get the same type with and without a fraction, and a string in place of a number does
     * not make the engine refuse the document.
     */
    private void addNumbersOfJson(String detected) {
        ObjectNode template = templates.addObject().putObject("pgsync_json_" + detected);
        template.put("match_mapping_type", detected);
        template.putObject("mapping").put("type", "double").put("ignore_malformed", true);
    }

    private void addFields(TreeNode node, String path, ObjectNode properties) {
        for (Field field : node.fields()) {
            put(properties, node.transform().finishedName(field.name()), path, typeOf(node, field));
        }
        for (TreeNode child : node.children()) {
            addChild(node, child, path, properties);
        }
        node.transform().concats().forEach(concat -> properties.set(concat.destination(), FieldType.TEXT.mapping()));
    }

    private void addChild(TreeNode node, TreeNode child, String path, ObjectNode properties) {
        String name = node.transform().finishedName(child.label());
        if (child.variant() == Variant.SCALAR) {
            put(properties, name, path, typeOf(child, child.fields().get(0)));
        } else {
            addFields(child, path + name + ".", properties.putObject(name).putObject(PROPERTIES));
        }
    }

    private static FieldType typeOf(TreeNode node, Field field) {
        FieldType type = FieldType.of(field, node.typeOf(field.column()));
        // A replacement may give something that is not a date.
        return type == FieldType.DATE && node.transform().replacements().containsKey(field.name())
                ? FieldType.TEXT
                : type;
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

    /** {@code properties}: the properties of the node's own object. */
    private void addMoved(TreeNode node, ObjectNode properties) {
        for (TreeNode child : node.children()) {
            JsonNode ofChild = properties
                    .path(node.transform().finishedName(child.label()))
                    .path(PROPERTIES);
            if (ofChild instanceof ObjectNode object) {
                addMoved(child, object);
            }
        }
        for (Move move : node.transform().moves()) {
            ObjectNode start = move.fromRoot() ? root.withObjectProperty(PROPERTIES) : properties;
            Optional.ofNullable(properties.remove(move.field()))
                    .ifPresent(mapping -> place(start, move.path(), mapping));
        }
    }

    private static void place(ObjectNode properties, List<String> path, JsonNode mapping) {
        if (path.size() == 1) {
            properties.set(path.get(0), mapping);
            return;
        }
        ObjectNode object = properties.withObjectProperty(path.get(0));
        if (!object.has("type")) {
            place(object.withObjectProperty(PROPERTIES), path.subList(1, path.size()), mapping);
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
}
