package io.pgsync.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SqlScriptTest {
    @Test
    void aTransactionEndsAtItsCommitOrRollback() {
        var script = SqlScript.parse("""
                INSERT INTO a VALUES (1);
                BEGIN; DELETE FROM a; SAVEPOINT s; DELETE FROM b; ROLLBACK TO s; COMMIT;
                start transaction; DELETE FROM a; ROLLBACK;
                UPDATE a SET ended = true
                """);

        assertThat(script.transactions())
                .extracting(SqlScript::toString)
                .containsExactly(
                        "INSERT INTO a VALUES (1)",
                        "BEGIN; DELETE FROM a; SAVEPOINT s; DELETE FROM b; ROLLBACK TO s; COMMIT",
                        "start transaction; DELETE FROM a; ROLLBACK",
                        "UPDATE a SET ended = true");
    }

    @Test
    void semicolonsInQuotesAndCommentsEndNothing() {
        var script = SqlScript.parse("""
                -- one; two
                INSERT INTO a VALUES ('x;''y;', E'it\\'s;', "odd;name") /* ; */;
                DO $do$ BEGIN PERFORM ';'; END $do$;
                """);

        assertThat(script.transactions())
                .extracting(SqlScript::toString)
                .containsExactly(
                        "INSERT INTO a VALUES ('x;''y;', E'it\\'s;', \"odd;name\")",
                        "DO $do$ BEGIN PERFORM ';'; END $do$");
    }

    @Test
    void rowsOfACopyAreNoStatements() {
        var statements = new SqlLexer("""
                        \\restrict abc
                        COPY public.a (id, name) FROM stdin;
                        1\tone;
                        2\t--two
                        \\.

                        COPY public.b FROM stdin;
                        \\.
                        SELECT 1;
                        """).statements();

        assertThat(statements)
                .containsExactly(
                        new SqlScript.Statement("COPY public.a (id, name) FROM stdin", "1\tone;\n2\t--two\n"),
                        new SqlScript.Statement("COPY public.b FROM stdin", ""),
                        new SqlScript.Statement("SELECT 1", null));
    }

    @Test
    void anOpenTransactionIsAnError() {
        var script = SqlScript.parse("BEGIN; DELETE FROM a;");

        assertThatThrownBy(script::transactions).hasMessageContaining("not ended");
    }
}
