package io.pgsync.replication.query;

import io.pgsync.core.change.TableName;

/** Names and literals as SQL text. */
final class Sql {
    private Sql() {}

    /** A quoted identifier: exact in case, safe with reserved words. */
    static String name(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    static String name(TableName table) {
        return name(table.schema()) + "." + name(table.table());
    }

    static String column(String alias, String column) {
        return alias + "." + name(column);
    }

    /** A string literal that reads the same whatever {@code standard_conforming_strings} says. */
    static String literal(String text) {
        String quoted = "'" + text.replace("'", "''") + "'";
        return text.indexOf('\\') < 0 ? quoted : " E" + quoted.replace("\\", "\\\\");
    }
}
