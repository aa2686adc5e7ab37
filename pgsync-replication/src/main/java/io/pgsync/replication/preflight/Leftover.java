package io.pgsync.replication.preflight;

import io.pgsync.core.failure.Finding;
import io.pgsync.replication.sql.Columns;
import io.r2dbc.spi.Readable;

/** Something that the Python tool PGSync installed: its triggers cost every write, its slots keep the log. */
record Leftover(String what, String drop) {

    static final String QUERY = """
            SELECT 'trigger ' || t.tgname || ' on ' || t.tgrelid::regclass,
                   format('DROP TRIGGER %I ON %s;', t.tgname, t.tgrelid::regclass)
              FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
             WHERE NOT t.tgisinternal AND p.proname = 'table_notify'
             UNION ALL
            SELECT 'function ' || p.oid::regprocedure, format('DROP FUNCTION %s;', p.oid::regprocedure)
              FROM pg_proc p WHERE p.proname = 'table_notify' AND p.prorettype = 'trigger'::regtype
             UNION ALL
            SELECT 'materialized view ' || c.oid::regclass, format('DROP MATERIALIZED VIEW %s;', c.oid::regclass)
              FROM pg_class c
             WHERE c.relkind = 'm' AND c.relname = '_view'
               AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'primary_keys')
             UNION ALL
            SELECT 'slot ' || slot_name, format('SELECT pg_drop_replication_slot(%L);', slot_name)
              FROM pg_replication_slots
             WHERE plugin = 'test_decoding' AND database = current_database() AND NOT active""";

    static Leftover of(Readable row) {
        return new Leftover(Columns.required(row, 0, String.class), Columns.required(row, 1, String.class));
    }

    Finding finding() {
        return Finding.warning("left by PGSync", what + ", to be removed once PGSync is no longer used", drop);
    }
}
