package io.pgsync.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void aPermanentLinePushesTheLiveLineDown() {
        var terminal = new Terminal(stream, true, true);

        terminal.live("50%");
        terminal.line("hello");
        terminal.live("");

        assertThat(written()).isEqualTo("50%\r\033[Khello\n50%\r\033[K");
    }

    @Test
    void logLinesDoNotTearTheLiveLine() throws IOException {
        var terminal = new Terminal(stream, true, false);
        terminal.live("50%");

        terminal.asStream().write("INFO: done\n".getBytes(StandardCharsets.UTF_8));

        assertThat(written()).isEqualTo("50%\r\033[KINFO: done\n50%");
    }

    @Test
    void awayFromATerminalThereAreNeitherLiveLinesNorColours() {
        var terminal = new Terminal(stream, false, false);

        terminal.live("50%");
        terminal.line(terminal.styled(Terminal.Style.GREEN, "hello"));

        assertThat(written()).isEqualTo("hello\n");
    }

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
