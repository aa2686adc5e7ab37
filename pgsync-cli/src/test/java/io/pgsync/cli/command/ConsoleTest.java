package io.pgsync.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ConsoleTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-c a --schema_url http://b",
                "-d --polling",
                "-d -w",
                "-w --polling",
                "--producer --consumer",
                "-a -d",
                "-a --polling",
                "bootstrap -c a --s3_schema_url s3://b"
            })
    void refusesOptionsThatExcludeEachOther(String arguments) {
        int code = execute(arguments.split(" "));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("is mutually exclusive with arguments");
    }

    @Test
    void saysOnOneLineWhatTheSchemaFileLacks() {
        int code = execute("-c", "/does/not/exist.json");

        assertThat(code).isEqualTo(3);
        assertThat(err.toString())
                .contains("The schema file /does/not/exist.json does not exist")
                .doesNotContain("at io.pgsync");
    }

    @Test
    void anUnknownOptionIsAUsageError() {
        assertThat(execute("--demon")).isEqualTo(2);
        assertThat(err.toString()).contains("--demon");
    }

    @Test
    void shortHIsTheHostAndNotHelp() {
        execute("-h", "db", "-c", "/does/not/exist.json");

        assertThat(err.toString()).contains("does not exist");
    }

    @Test
    void printsHelpAndVersion() {
        assertThat(execute("--help")).isZero();
        assertThat(execute("--version")).isZero();
        assertThat(out.toString()).contains("--daemon").contains("bootstrap").contains("Version: ");
    }

    private int execute(String... arguments) {
        CommandLine commandLine = Console.commandLine();
        commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }
}
