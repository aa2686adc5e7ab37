package io.pgsync.core.change;

/** A table's name inside one database, exactly as in the catalog (not folded, not quoted). */
public record TableName(String schema, String table) implements Comparable<TableName> {
    @Override
    public int compareTo(TableName other) {
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : table.compareTo(other.table);
    }

    @Override
    public String toString() {
        return schema + "." + table;
    }
}
