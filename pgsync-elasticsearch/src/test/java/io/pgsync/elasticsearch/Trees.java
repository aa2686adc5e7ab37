package io.pgsync.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pgsync.core.catalog.ColumnDefinition;
import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.TableName;
import io.pgsync.core.schema.Cardinality;
import io.pgsync.core.schema.IndexDefinition;
import io.pgsync.core.schema.Variant;
import io.pgsync.core.transform.Transform;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Small trees of a book shop. */
public final class Trees {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Trees() {}

    /** Books with text keys. */
    public static DocumentTree books(String index, String... key) {
        return tree(index, node("book", List.of(key), List.of()), "", "", Optional.empty());
    }

    public static DocumentTree tree(
            String index, TreeNode root, String mapping, String mappings, Optional<String> routing) {
        return new DocumentTree(
                "shop",
                index,
                root,
                new IndexDefinition(MissingNode.getInstance(), json(mapping), json(mappings)),
                routing,
                Optional.empty(),
                List.of());
    }

    /** Books with text keys that show reviews with keys of another type. */
    public static DocumentTree reviewed(String index, ColumnType keyOfReview) {
        TreeNode review = node("review", keyOfReview, List.of("id"), List.of());
        return tree(index, node("book", List.of("id"), List.of(review)), "", "", Optional.empty());
    }

    public static ColumnType type(String name) {
        return new ColumnType(name, name, ColumnType.Kind.BASE);
    }

    public static TreeNode node(String table, List<String> key, List<TreeNode> children) {
        return node(table, type("text"), key, children);
    }

    private static TreeNode node(String table, ColumnType type, List<String> key, List<TreeNode> children) {
        List<ColumnDefinition> columns = key.stream()
                .map(column -> new ColumnDefinition(0, column, type, true))
                .toList();
        return new TreeNode(
                "/nodes",
                new TableDefinition(
                        new TableName("public", table), TableDefinition.Kind.TABLE, columns, key, List.of()),
                table,
                List.of(),
                key,
                key,
                Optional.empty(),
                Cardinality.ONE_TO_MANY,
                Variant.OBJECT,
                List.of(),
                Optional.empty(),
                List.of(),
                OptionalInt.empty(),
                Transform.NONE,
                children);
    }

    public static JsonNode json(String text) {
        try {
            return text.isEmpty() ? MissingNode.getInstance() : JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
