package io.pgsync.core.catalog;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which types PostgreSQL compares with each other; for a type of no known family the server must judge. */
public final class Comparability {
    private static final List<Set<String>> FAMILIES = List.of(
            Set.of("int2", "int4", "int8", "numeric", "float4", "float8"),
            Set.of("text", "varchar", "bpchar", "name", "citext"),
            Set.of("date", "timestamp", "timestamptz"),
            Set.of("bool"),
            Set.of("uuid"),
            Set.of("bytea"));

    private Comparability() {}

    /**
     * Whether PostgreSQL compares the two without a cast. A type that is unknown here counts as comparable with all.
     */
    public static boolean comparable(ColumnType left, ColumnType right) {
        Optional<Set<String>> ofLeft = familyOf(left);
        Optional<Set<String>> ofRight = familyOf(right);
        return ofLeft.isEmpty() || ofRight.isEmpty() || ofLeft.equals(ofRight);
    }

    private static Optional<Set<String>> familyOf(ColumnType type) {
        return FAMILIES.stream()
                .filter(family -> family.contains(type.baseName()))
                .findFirst();
    }
}
