package io.pgsync.torture.tree;

/** A partition of a table. {@code bounds}: as {@code FOR VALUES} takes them. */
public record Partition(String table, String name, String bounds) {
    public String create() {
        return "CREATE TABLE %s PARTITION OF %s FOR VALUES %s".formatted(name, table, bounds);
    }
}
