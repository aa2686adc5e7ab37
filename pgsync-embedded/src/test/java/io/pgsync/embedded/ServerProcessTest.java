package io.pgsync.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    /** Told from the processes of everybody else. */
    private final String seconds = "9" + ThreadLocalRandom.current().nextInt(100_000, 1_000_000);

    @AfterEach
    void leaveNothingBehind() {
        children().forEach(ProcessHandle::destroyForcibly);
    }

    /** One that outlives its server holds what the next start of it needs. */
    @Test
    void noChildThatIsForkedMeanwhileOutlivesAKill() {
        Path begun = directory.resolve("begun");
        String forking =
                "i=0; while [ $i -lt 2000 ]; do sleep %s & i=$((i+1)); [ $i = 20 ] && : > %s;".formatted(seconds, begun)
                        + " j=0; while [ $j -lt 300 ]; do j=$((j+1)); done; done; wait";
        ServerProcess server = ServerProcess.start("forking", new ProcessBuilder("/bin/sh", "-c", forking));
        await().pollInterval(Duration.ofMillis(1)).atMost(PATIENCE).until(() -> Files.exists(begun));

        server.stop(StopSignal.KILL, Duration.ZERO);

        assertThat(server.isAlive()).isFalse();
        assertThat(children()).isEmpty();
    }

    private Stream<ProcessHandle> children() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .filter(words -> words.length == 1 && words[0].equals(seconds))
                        .isPresent());
    }
}
