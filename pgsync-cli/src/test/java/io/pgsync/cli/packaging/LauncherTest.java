package io.pgsync.cli.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.cli.exit.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launch script itself, before a program that takes all memory. */
class LauncherTest {
    private static final Path PROJECT = Path.of("..");

    @TempDir
    private Path home;

    /** What the script starts in place of pgsync. */
    static final class Exhausting {
        private Exhausting() {}

        public static void main(String[] arguments) {
            var kept = new ArrayList<byte[]>();
            while (true) {
                kept.add(new byte[1 << 20]);
            }
        }
    }

    @Test
    void anExhaustedHeapEndsTheProcessWithACodeThatASupervisorRestartsOn() throws Exception {
        var pgsync = Installation.of(Exhausting.class, home);

        Installation.Ended ended = pgsync.run("-Xmx16m");

        assertThat(ended.output()).contains("java.lang.OutOfMemoryError");
        assertThat(ended.code()).isEqualTo(ExitCode.FAILURE.code());
        assertThat(restartPreventing()).isNotEmpty().doesNotContain(Integer.toString(ended.code()));
    }

    private static List<String> restartPreventing() throws IOException {
        String key = "RestartPreventExitStatus=";
        return Files.readAllLines(PROJECT.resolve("packaging/pgsync.service")).stream()
                .filter(line -> line.startsWith(key))
                .flatMap(line -> List.of(line.substring(key.length()).split(" ")).stream())
                .toList();
    }
}
