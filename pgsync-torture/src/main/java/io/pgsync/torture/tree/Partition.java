package io.pgsync.torture.tree;

/**
 * A partition of a table.
 *
 * @param bounds as {@code FOR VALUES} takes them
 * @param needsIdentity whether no key identifies its rows, so that the server refuses changes of them once the table is published
 */
public record Partition(String table, String name, String bounds, boolean needsIdentity) {
    public String create() {
        return "CREATE TABLE %s PARTITION OF %s FOR VALUES %s".formatted(name, table, bounds);
    }

    /** The same for a table that is published: as pgsync says that it must be done. One transaction. */
    public String add() {
        return needsIdentity ? create() + "; ALTER TABLE %s REPLICA IDENTITY FULL".formatted(name) : create();
    }
}
