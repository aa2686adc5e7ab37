package io.pgsync.replication.query;

import io.pgsync.replication.sql.SqlNames;

/** Columns, values and literals as SQL text. */
final class Sql {
    private Sql() {}

    static String column(String alias, String column) {
        return alias + "." + SqlNames.quoted(column);
    }

    /**
     * A value's text by the output function of its type, as the log has it; a cast to text writes some types otherwise (bool, char(n), inet).
     * A null stays one.
     */
    static String text(String expression) {
        return "CASE WHEN pg_catalog.num_nulls(" + expression + ") = 0 THEN pg_catalog.format('%s', " + expression
                + ") END";
    }

    /** A string literal that reads the same whatever {@code standard_conforming_strings} says. */
    static String literal(String text) {
        String quoted = "'" + text.replace("'", "''") + "'";
        return text.indexOf('\\') < 0 ? quoted : " E" + quoted.replace("\\", "\\\\");
    }
}
