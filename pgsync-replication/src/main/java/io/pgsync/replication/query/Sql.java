package io.pgsync.replication.query;

import io.pgsync.replication.sql.SqlNames;

/** Columns, values and literals as SQL text. */
final class Sql {
    private Sql() {}

    static String column(String alias, String column) {
        return alias + "." + SqlNames.quoted(column);
    }

    /**
     * The text of a value by the output function of its type, as in the log; a cast to text differs for some types
     * (bool, char(n), inet). A null stays null.
     */
    static String text(String expression) {
        return "CASE WHEN pg_catalog.num_nulls(" + expression + ") = 0 THEN pg_catalog.format('%s', " + expression
                + ") END";
    }

    /** A string literal with the same meaning under every {@code standard_conforming_strings}. */
    static String literal(String text) {
        String quoted = "'" + text.replace("'", "''") + "'";
        return text.indexOf('\\') < 0 ? quoted : " E" + quoted.replace("\\", "\\\\");
    }
}
