package io.pgsync.runtime.source;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.catalog.ColumnPair;
import io.pgsync.core.checkpoint.LoadedDefinition;
import io.pgsync.core.checkpoint.LoadedDefinition.NodeFacts;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Field;
import io.pgsync.core.tree.Join;
import io.pgsync.core.tree.TreeNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the definition that is kept in the state of an index, and reads its parts. */
public final class LoadedDefinitions {
    private static final String ROUTING = "routing";
    private static final String PIPELINE = "pipeline";
    private static final String PLUGINS = "plugins";
    private static final List<String> AS_WRITTEN = List.of("nodes", PLUGINS, "setting", "mapping", "mappings");

    private LoadedDefinitions() {}

    /** {@code file}: the whole schema file. */
    static LoadedDefinition of(JsonNode file, DocumentTree tree, MappingMode mode) {
        String pointer = documentOf(tree);
        JsonNode entry = file.at(pointer);
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        for (String name : AS_WRITTEN) {
            if (entry.hasNonNull(name)) {
                document.set(name, entry.get(name));
            }
        }
        tree.routing().ifPresent(field -> document.put(ROUTING, field));
        tree.pipeline().ifPresent(name -> document.put(PIPELINE, name));
        Map<String, NodeFacts> nodes = tree.root()
                .nodes()
                .collect(Collectors.toMap(
                        node -> node.pointer().substring(pointer.length()), LoadedDefinitions::factsOf));
        return new LoadedDefinition(document, word(mode), nodes);
    }

    /** The pointer of a document's entry in the schema file. */
    public static String documentOf(DocumentTree tree) {
        JsonPointer root = JsonPointer.compile(tree.root().pointer());
        return root.head().toString();
    }

    /** What the catalog says of a node now. */
    public static NodeFacts factsOf(TreeNode node) {
        Map<String, String> fields = node.fields().stream()
                .map(Field::column)
                .distinct()
                .collect(Collectors.toMap(
                        column -> column, column -> node.typeOf(column).sqlName()));
        List<String> key = node.key().stream()
                .map(column -> column + " " + node.typeOf(column).sqlName())
                .toList();
        return new NodeFacts(
                fields, key, node.join().map(LoadedDefinitions::links).orElse(List.of()));
    }

    private static List<String> links(Join join) {
        Stream<ColumnPair> pairs = join.through().isPresent()
                ? Stream.concat(join.toParent().stream(), join.toNode().stream())
                : join.toParent().stream();
        return pairs.map(pair -> pair.upper() + " = " + pair.lower()).toList();
    }

    /** The word for a mode in a state. */
    public static String word(MappingMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    /** The field whose value was the routing. */
    public static Optional<String> routing(LoadedDefinition definition) {
        return text(definition, ROUTING);
    }

    /** The ingest pipeline that the documents passed. */
    public static Optional<String> pipeline(LoadedDefinition definition) {
        return text(definition, PIPELINE);
    }

    private static Optional<String> text(LoadedDefinition definition, String name) {
        return Optional.ofNullable(definition.document().get(name)).map(JsonNode::asText);
    }

    /** The plugins that the documents passed, in this order. */
    public static List<String> plugins(LoadedDefinition definition) {
        return definition
                .document()
                .path(PLUGINS)
                .valueStream()
                .map(JsonNode::asText)
                .toList();
    }
}
