package io.pgsync.replication.sql;

import io.pgsync.core.change.TableName;

/** Names as quoted identifiers: case-sensitive, and safe for reserved words. */
public final class SqlNames {
    private SqlNames() {}

    public static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** Schema and table. */
    public static String quoted(TableName table) {
        return quoted(table.schema()) + "." + quoted(table.table());
    }
}
