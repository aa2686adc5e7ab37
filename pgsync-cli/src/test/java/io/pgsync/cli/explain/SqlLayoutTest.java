package io.pgsync.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SqlLayoutTest {
    @Test
    void clausesBeginLinesAndSubSelectsAreIndented() {
        assertThat(SqlLayout.of(
                        "SELECT a, f(b ORDER BY c) FROM t LEFT JOIN LATERAL (SELECT x FROM u WHERE y = 1 LIMIT 1) r ON true"
                                + " WHERE z",
                        "  "))
                .isEqualTo("""
                          SELECT a, f(b ORDER BY c)
                          FROM t
                          LEFT JOIN LATERAL (
                              SELECT x
                              FROM u
                              WHERE y = 1
                              LIMIT 1
                          ) r ON true
                          WHERE z""".indent(2).replaceFirst("\n$", ""));
    }

    @Test
    void literalsAndNamesStayAsTheyAre() {
        String sql = "SELECT ' FROM  (SELECT', E'it\\\\\\' WHERE  ', \"LIMIT  \"\" FROM\"";

        assertThat(SqlLayout.of(sql, "")).isEqualTo(sql);
    }

    @Test
    void longListsAreBroken() {
        String sql = "SELECT " + "some_column, ".repeat(20) + "last_column FROM t";

        assertThat(SqlLayout.of(sql, "").lines()).hasSizeGreaterThan(3).allMatch(line -> line.length() < 130);
        assertThat(SqlLayout.of(sql, "").replaceAll("\\s+", " ")).isEqualTo(sql);
    }
}
