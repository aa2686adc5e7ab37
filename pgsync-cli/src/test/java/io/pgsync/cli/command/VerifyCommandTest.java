package io.pgsync.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.cli.exit.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerifyCommandTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--sample 0%           | --sample is a percentage",
                "--sample 101%         | --sample is a percentage",
                "--sample some         | --sample is a percentage",
                "--rate 0/s            | --rate is a number",
                "--rate fast           | --rate is a number",
                "--where id=1          | --where goes with one --document",
                "--where id=1 --document a --document b | --where goes with one --document",
            })
    void whatMakesNoSenseIsRefusedBeforeAnythingIsDone(String options, String message) {
        var errors = new StringWriter();

        int code = Console.commandLine().setErr(new PrintWriter(errors)).execute(("verify " + options).split(" "));

        assertThat(code).isEqualTo(ExitCode.USAGE.code());
        assertThat(errors.toString()).contains(message);
    }

    @ParameterizedTest
    @CsvSource({
        "--sample 0.5% --rate 500/s",
        "--sample 100%",
        "--rate 20",
        "--where id=1 --document books --repair --json"
    })
    void whatMakesSenseGetsAsFarAsTheSchemaFile(String options) {
        var errors = new StringWriter();

        int code = Console.commandLine()
                .setErr(new PrintWriter(errors))
                .execute(("verify -c /does/not/exist.json " + options).split(" "));

        assertThat(code).isEqualTo(ExitCode.CONFIGURATION.code());
        assertThat(errors.toString()).contains("/does/not/exist.json");
    }
}
