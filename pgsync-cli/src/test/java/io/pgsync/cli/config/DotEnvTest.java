package io.pgsync.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DotEnvTest {
    @Test
    void readsPlainExportedAndQuotedValues() {
        String text = """
                # connection
                PG_HOST=db.example
                export PG_PORT = 5433   # not the usual one
                PG_USER='o''brien
                PG_PASSWORD='pa#ss $1'
                NAME="line one\\nline two"
                EMPTY=
                URL=http://host/#fragment

                """;

        Map<String, String> values = parse(text);

        assertThat(values)
                .containsEntry("PG_HOST", "db.example")
                .containsEntry("PG_PORT", "5433")
                .containsEntry("PG_PASSWORD", "pa#ss $1")
                .containsEntry("NAME", "line one\nline two")
                .containsEntry("EMPTY", "")
                .containsEntry("URL", "http://host/#fragment")
                .doesNotContainKey("PG_USER");
    }

    @Test
    void readsQuotedValuesOverSeveralLines() {
        Map<String, String> values = parse("KEY=\"-----BEGIN\nabc\n-----END\"\r\nNEXT=1\r\n");

        assertThat(values).containsEntry("KEY", "-----BEGIN\nabc\n-----END").containsEntry("NEXT", "1");
    }

    @Test
    void resolvesReferencesAgainstTheProcessFirstAndThenTheLinesAbove() {
        String text = "HOST=file\nA=${HOST}:${PORT}\nB=${NOWHERE}|${NOWHERE:-spare}\nC=${A}$x";

        Map<String, String> values = DotEnv.parse(Path.of(".env"), text, Map.of("HOST", "process", "PORT", "1"));

        assertThat(values)
                .containsEntry("A", "process:1")
                .containsEntry("B", "|spare")
                .containsEntry("C", "process:1$x");
    }

    @Test
    void skipsALineThatIsNoStatementAndReadsOn() {
        Map<String, String> values = parse("this is not a statement\nA=1\n'=3\nB=2");

        assertThat(values).containsExactly(Map.entry("A", "1"), Map.entry("B", "2"));
    }

    @Test
    void isLookedForInTheDirectoryAndThenInItsParents(@TempDir Path root) throws IOException {
        Path inner = Files.createDirectories(root.resolve("a/b"));
        Files.writeString(root.resolve(".env"), "A=far");
        Files.writeString(root.resolve("a/.env"), "A=near");

        assertThat(DotEnv.find(inner)).contains(root.resolve("a/.env"));
    }

    private static Map<String, String> parse(String text) {
        return DotEnv.parse(Path.of(".env"), text, Map.of());
    }
}
