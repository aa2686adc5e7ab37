package io.pgsync.torture.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A table of the random tree. Besides key and links every table has {@code v} (small numbers that conditions and orders look at),
 * {@code name}, {@code code} (what undeclared links meet), and perhaps {@code body}, which is stored outside of the row. Grows links while
 * the tree grows, and is read only afterwards.
 */
public final class Table {
    /** Rows at the start have the numbers below this one; changes go a little beyond. */
    public static final int NUMBERS = 24;
    /** The rows of large transactions have numbers from here on. */
    public static final int LARGE = 1_000;
    /** So many different codes. */
    public static final int CODES = 12;

    public static final String TENANT = "tenant";
    public static final int TENANTS = 3;

    private final String name;
    private final List<Column> key;
    private final Traits traits;
    private final List<Link> links = new ArrayList<>();

    /** What keeps a key from occurring twice. */
    public enum Uniqueness {
        PRIMARY_KEY("PRIMARY KEY (%s)"),
        /** The server takes it for no replica identity, and no constraint may refer to it. */
        DEFERRABLE("PRIMARY KEY (%s) DEFERRABLE"),
        /** Without a primary key. */
        UNIQUE("UNIQUE (%s)");

        private final String constraint;

        Uniqueness(String constraint) {
            this.constraint = constraint;
        }
    }

    enum Partitioning {
        NONE,
        HASH,
        /** Some of the partitions are missing at first. */
        RANGE
    }

    /** A column of long values, which are stored outside of the row. */
    public enum Body {
        NONE,
        LONG,
        /** Some of them have hundreds of kilobytes. */
        WIDE
    }

    /** {@code keyedByLinks}: a through table whose links are its key. */
    public record Traits(
            Partitioning partitioning, boolean wholeOldRows, Body body, boolean keyedByLinks, Uniqueness uniqueness) {
        public boolean hasBody() {
            return body != Body.NONE;
        }

        public boolean hasIdentity() {
            return uniqueness == Uniqueness.PRIMARY_KEY;
        }
    }

    Table(String name, List<Column> key, Traits traits) {
        this.name = name;
        this.key = List.copyOf(key);
        this.traits = traits;
    }

    public String name() {
        return name;
    }

    List<Column> key() {
        return key;
    }

    public Traits traits() {
        return traits;
    }

    public List<Link> links() {
        return links;
    }

    /** The key's column that a row's number is in. */
    public Column address() {
        return key.get(key.size() - 1);
    }

    public boolean hasTenant() {
        return key.get(0).name().equals(TENANT);
    }

    public List<String> keyNames() {
        return key.stream().map(Column::name).toList();
    }

    public String hasNumber(String comparison, int number) {
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
            key.forEach(column -> columns.add(
                    "%s %s NOT NULL".formatted(column.name(), column.type().sql())));
        }
        for (var link : links) {
            for (int i = link.shared(); i < link.columns().size(); i++) {
                var type = link.declared() ? link.to().key().get(i).type() : KeyType.INTEGER;
                columns.add(link.columns().get(i) + " " + type.sql());
            }
        }
        columns.addAll(List.of("v integer", "name text", "code integer"));
        if (traits.hasBody()) {
            columns.add("body text");
        }
        columns.add(traits.uniqueness().constraint.formatted(String.join(", ", keyNames())));
        var partitions = partitions();
        var statements = new ArrayList<String>();
        statements.add("CREATE TABLE %s (%s)%s".formatted(name, String.join(", ", columns), partitions.clause()));
        if (traits.hasBody()) {
            // Not as a part of the column, which PostgreSQL takes from 16 on; before the partitions, which inherit it.
            statements.add("ALTER TABLE %s ALTER body SET STORAGE EXTERNAL".formatted(name));
        }
        partitions.atFirst().forEach(partition -> statements.add(partition.create()));
        Stream.concat(
                        traits.wholeOldRows() ? Stream.of(name) : Stream.empty(),
                        partitions.withWholeOldRows().stream().map(Partition::name))
                .forEach(relation -> statements.add("ALTER TABLE " + relation + " REPLICA IDENTITY FULL"));
        return statements;
    }

    public TablePartitions partitions() {
        return switch (traits.partitioning()) {
            case NONE -> TablePartitions.NONE;
            case HASH -> TablePartitions.byHash(this);
            case RANGE -> TablePartitions.byRange(this);
        };
    }
}
