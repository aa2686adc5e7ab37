package io.pgsync.core.tree;

import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.schema.Problems;
import io.pgsync.core.schema.Variant;
import io.pgsync.core.transform.Transform.Move;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Refuses field names that no index accepts, or for which every document would be refused, before anything is created.
 * Fields that {@code transform} moves or renames are checked under their new names.
 */
final class FieldNames {
    /** Metadata that an index keeps beside the fields of a document; top-level fields must not have these names. */
    private static final Set<String> METADATA = Set.of(
            "_data_stream_timestamp",
            "_doc_count",
            "_feature",
            "_field_names",
            "_id",
            "_ignored",
            "_ignored_source",
            "_index",
            "_nested_path",
            "_routing",
            "_seq_no",
            "_source",
            "_tier",
            "_version");

    private final Problems problems;

    FieldNames(Problems problems) {
        this.problems = problems;
    }

    void check(TreeNode root) {
        namesOf(root).forEach((name, origin) -> {
            if (METADATA.contains(name)) {
                refuse(root, origin, "\"%s\" is a name that indexes keep for themselves".formatted(name));
            }
        });
        checkEach(root);
    }

    private void checkEach(TreeNode node) {
        if (node.variant() == Variant.SCALAR) {
            return;
        }
        Map<String, Origin> names = namesOf(node);
        names.forEach((name, origin) -> {
            if (!isPath(name)) {
                refuse(
                        node,
                        origin,
                        "\"%s\" is not a valid field name: dots separate its parts, and no part may be blank"
                                .formatted(name));
            }
            valueAbove(name, names)
                    .ifPresent(other -> refuse(
                            node,
                            origin,
                            "\"%s\" makes \"%s\" an object, which is a value in the same document"
                                    .formatted(name, other)));
        });
        node.children().forEach(this::checkEach);
    }

    private void refuse(TreeNode node, Origin origin, String reason) {
        problems.add(
                node.pointer(),
                "%s: %s. Give it another name with \"rename\" in \"transform\", or leave it out of \"columns\""
                        .formatted(origin.described(), reason));
    }

    /** The origin of a field; {@code isValue}: it can never be an object. */
    private record Origin(String described, boolean isValue) {}

    private static Map<String, Origin> namesOf(TreeNode node) {
        Set<String> moved = node.transform().moves().stream().map(Move::field).collect(Collectors.toSet());
        Map<String, Origin> names = new LinkedHashMap<>();
        for (Field field : node.fields()) {
            put(names, node, moved, field.name(), new Origin(described(node, field), isValue(node, field)));
        }
        for (TreeNode child : node.children()) {
            String described = "label \"%s\" of table %s"
                    .formatted(child.label(), child.table().name());
            put(names, node, moved, child.label(), new Origin(described, child.variant() == Variant.SCALAR));
        }
        return names;
    }

    private static void put(Map<String, Origin> names, TreeNode node, Set<String> moved, String name, Origin origin) {
        String finished = node.transform().finishedName(name);
        if (!moved.contains(finished)) {
            names.put(finished, origin);
        }
    }

    private static String described(TreeNode node, Field field) {
        return "column \"%s\" of table %s"
                .formatted(field.column(), node.table().name());
    }

    private static boolean isValue(TreeNode node, Field field) {
        ColumnType type = node.typeOf(field.column());
        return field.path().isEmpty()
                && type.kind() == ColumnType.Kind.BASE
                && !Set.of("json", "jsonb", "hstore", "geometry", "geography").contains(type.baseName());
    }

    /** The engine ignores dots at the end. */
    private static boolean isPath(String name) {
        String[] parts = name.split("\\.");
        return parts.length > 0 && Stream.of(parts).noneMatch(String::isBlank);
    }

    /** A name above this one that is a value, so that it cannot have parts below it. */
    private static Optional<String> valueAbove(String name, Map<String, Origin> names) {
        Set<String> above = new HashSet<>();
        for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
            above.add(name.substring(0, dot));
        }
        return above.stream()
                .filter(other -> names.containsKey(other) && names.get(other).isValue())
                .findFirst();
    }
}
