package io.pgsync.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code pgsync completion} prints, tried in the shell that it is for. */
class CompletionCommandTest {
    @TempDir
    private Path directory;

    @Test
    void offersEachCommand() throws Exception {
        Set<String> commands = Console.commandLine().getSubcommands().keySet();

        assertThat(completed("")).contains("completion").containsAll(commands);
    }

    @Test
    void offersTheOptionsOfACommand() throws Exception {
        assertThat(completed("--da")).containsExactly("--daemon");
        assertThat(completed("backfill", "--doc")).containsExactly("--document");
    }

    /** What bash offers behind {@code pgsync} and these words, the last of which is being typed. */
    private List<String> completed(String... words) throws Exception {
        String typed = "'" + String.join("' '", words) + "'";
        Path program = Files.writeString(directory.resolve("program"), """
                %s
                COMP_WORDS=(pgsync %s)
                COMP_CWORD=%d
                _complete_pgsync
                printf '%%s\\n' "${COMPREPLY[@]}"
                """.formatted(script(), typed, words.length));
        // Bash has something to say when the function is not called by itself.
        Process bash = new ProcessBuilder("bash", program.toString())
                .redirectError(Redirect.DISCARD)
                .start();
        String offered = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).isZero();
        return offered.lines().toList();
    }

    private static String script() {
        var out = new StringWriter();
        CommandLine line = Console.commandLine();
        line.setOut(new PrintWriter(out));
        assertThat(line.execute("completion")).isZero();
        return out.toString();
    }
}
