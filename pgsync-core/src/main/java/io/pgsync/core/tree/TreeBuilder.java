package io.pgsync.core.tree;

import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.schema.NearestName;
import io.pgsync.core.schema.Problems;
import io.pgsync.core.schema.SchemaDocument;
import io.pgsync.core.schema.SchemaException;
import io.pgsync.core.schema.SchemaFile;
import io.pgsync.core.schema.SchemaProblem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks a schema file against the existing tables, and makes a tree of each document. */
public final class TreeBuilder {
    private TreeBuilder() {}

    /**
     * One tree per document, in file order.
     *
     * @param catalogs by database; each must have been read for {@link SchemaFile#tablesByDatabase()}
     * @throws SchemaException with all problems of all documents
     */
    public static List<DocumentTree> build(SchemaFile file, Map<String, Catalog> catalogs) {
        return buildEach(file, catalogs).orFail(file);
    }

    /** The same, but a document that cannot be built does not prevent the others. */
    public static Built buildEach(SchemaFile file, Map<String, Catalog> catalogs) {
        var unfit = new LinkedHashMap<SchemaDocument, List<SchemaProblem>>();
        var trees = new ArrayList<DocumentTree>();
        for (SchemaDocument document : file.documents()) {
            var problems = new Problems();
            Catalog catalog = catalogs.get(document.database());
            if (catalog == null) {
                throw new IllegalArgumentException("No catalog of database " + document.database());
            }
            Optional<DocumentTree> tree = tree(document, catalog, problems);
            if (problems.found().isEmpty()) {
                tree.ifPresent(trees::add);
            } else {
                unfit.put(document, problems.found());
            }
        }
        return new Built(trees, unfit);
    }

    /** The documents that could be built, and what is wrong with the others, both in file order. */
    public record Built(List<DocumentTree> trees, Map<SchemaDocument, List<SchemaProblem>> unfit) {
        /** The same without some documents, whatever is wrong with them, unless no document would be left. */
        public Built without(Collection<SchemaDocument> documents) {
            var others = new LinkedHashMap<>(unfit);
            others.keySet().removeAll(documents);
            return trees.isEmpty() ? this : new Built(trees, others);
        }

        /** All trees; fails with all problems if there are any. */
        public List<DocumentTree> orFail(SchemaFile file) {
            if (!unfit.isEmpty()) {
                throw new SchemaException(
                        file.source(),
                        unfit.values().stream().flatMap(List::stream).toList());
            }
            return trees;
        }
    }

    private static Optional<DocumentTree> tree(SchemaDocument document, Catalog catalog, Problems problems) {
        Optional<TreeNode> root = new NodeBuilder(new TableFinder(catalog, problems)).root(document.root());
        root.ifPresent(node -> checkRouting(document, node, problems));
        // A plugin may rename the fields; only the finished document can tell.
        root.filter(node -> document.plugins().isEmpty()).ifPresent(new FieldNames(problems)::check);
        return root.map(node -> new DocumentTree(
                document.database(),
                document.index(),
                node,
                document.indexDefinition(),
                document.routing(),
                document.pipeline(),
                document.plugins()));
    }

    private static void checkRouting(SchemaDocument document, TreeNode root, Problems problems) {
        Set<String> names = new HashSet<>(FinishedFields.namesOf(root));
        // A plugin may add the field; only the finished document can tell.
        boolean complete = document.plugins().isEmpty();
        document.routing()
                .filter(field -> complete && !names.contains(field))
                .ifPresent(field -> problems.add(
                        document.pointer() + "/routing",
                        "\"%s\" is not a field of the finished document%s; it has %s"
                                .formatted(
                                        field,
                                        NearestName.of(field, names)
                                                .map("; "::concat)
                                                .orElse(""),
                                        String.join(
                                                ", ", names.stream().sorted().toList()))));
    }
}
