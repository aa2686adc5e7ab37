package io.pgsync.cli.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A table of the random tree. Besides key and links every table has {@code v} (small numbers that conditions and orders look at),
 * {@code name}, {@code code} (what undeclared links meet), and perhaps {@code body}, which is stored outside of the row. Grows links while
 * the tree grows, and is read only afterwards.
 */
final class Table {
    /** Rows at the start have the numbers below this one; changes go a little beyond. */
    static final int NUMBERS = 24;
    /** So many different codes. */
    static final int CODES = 12;

    static final String TENANT = "tenant";
    static final int TENANTS = 3;

    private final String name;
    private final List<Column> key;
    private final Traits traits;
    private final List<Link> links = new ArrayList<>();

    /** {@code keyedByLinks}: a through table whose links are its key. */
    record Traits(boolean partitioned, boolean wholeOldRows, boolean hasBody, boolean keyedByLinks) {}

    Table(String name, List<Column> key, Traits traits) {
        this.name = name;
        this.key = List.copyOf(key);
        this.traits = traits;
    }

    String name() {
        return name;
    }

    List<Column> key() {
        return key;
    }

    Traits traits() {
        return traits;
    }

    List<Link> links() {
        return links;
    }

    /** The key's column that a row's number is in. */
    Column address() {
        return key.get(key.size() - 1);
    }

    boolean hasTenant() {
        return key.get(0).name().equals(TENANT);
    }

    List<String> keyNames() {
        return key.stream().map(Column::name).toList();
    }

    String hasNumber(String comparison, int number) {
        return "%s %s %s"
                .formatted(address().name(), comparison, address().type().of(Integer.toString(number)));
    }

    /** A new link to the key of {@code target}; where it must not become null, rows go with the row they refer to. */
    Link declareLink(Table target, boolean cascade) {
        var shared = hasTenant() && target.hasTenant() ? 1 : 0;
        var onDelete = cascade || shared > 0 || traits.keyedByLinks() ? "CASCADE" : "SET NULL";
        var columns = new ArrayList<String>();
        for (int i = 0; i < target.key.size(); i++) {
            columns.add(
                    i < shared
                            ? TENANT
                            : "to" + links.size() + "_" + target.key.get(i).name());
        }
        return add(new Link(this, columns, target, target.keyNames(), Optional.of(onDelete), shared));
    }

    /** A new link to the code of {@code target}, of which the database knows nothing. */
    Link undeclaredLink(Table target) {
        return add(
                new Link(this, List.of("to" + links.size() + "_code"), target, List.of("code"), Optional.empty(), 0));
    }

    Link add(Link link) {
        links.add(link);
        return link;
    }

    List<String> create() {
        var columns = new ArrayList<String>();
        if (!traits.keyedByLinks()) {
            key.forEach(
                    column -> columns.add(column.name() + " " + column.type().sql()));
        }
        for (var link : links) {
            for (int i = link.shared(); i < link.columns().size(); i++) {
                var type = link.declared() ? link.to().key().get(i).type() : KeyType.INTEGER;
                columns.add(link.columns().get(i) + " " + type.sql());
            }
        }
        columns.addAll(List.of("v integer", "name text", "code integer"));
        if (traits.hasBody()) {
            columns.add("body text STORAGE EXTERNAL");
        }
        var table = "CREATE TABLE %s (%s, PRIMARY KEY (%s))"
                .formatted(name, String.join(", ", columns), String.join(", ", keyNames()));
        if (!traits.partitioned()) {
            return Stream.concat(Stream.of(table), identity(name)).toList();
        }
        var root = table + " PARTITION BY HASH (" + address().name() + ")";
        var partitions = Stream.of(0, 1)
                .flatMap(i -> Stream.concat(
                        Stream.of("CREATE TABLE %s_%d PARTITION OF %s FOR VALUES WITH (MODULUS 2, REMAINDER %d)"
                                .formatted(name, i, name, i)),
                        identity(name + "_" + i)));
        return Stream.concat(Stream.of(root), Stream.concat(identity(name), partitions))
                .toList();
    }

    private Stream<String> identity(String relation) {
        return traits.wholeOldRows() ? Stream.of("ALTER TABLE " + relation + " REPLICA IDENTITY FULL") : Stream.empty();
    }
}
