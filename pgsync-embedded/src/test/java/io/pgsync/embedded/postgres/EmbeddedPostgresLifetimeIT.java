package io.pgsync.embedded.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class EmbeddedPostgresLifetimeIT {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private Process owner;
    private List<ProcessHandle> serverProcesses;

    @BeforeEach
    void startOwner() throws IOException {
        owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        PostgresOwner.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var output = new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8));
        assertThat(output.lines().anyMatch("ready"::equals)).isTrue();
        serverProcesses = owner.descendants().toList();
        assertThat(serverProcesses).hasSizeGreaterThan(2);
        assertThat(ownedPaths()).hasSize(2);
    }

    @AfterEach
    void endOwner() {
        serverProcesses.forEach(ProcessHandle::destroyForcibly);
        owner.destroyForcibly();
    }

    @Test
    void endOfTheJvmLeavesNothing() throws Exception {
        owner.getOutputStream().close();

        assertThat(owner.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(serverProcesses).noneMatch(ProcessHandle::isAlive);
        assertThat(ownedPaths()).isEmpty();
    }

    @Test
    void terminatedJvmLeavesNothing() throws Exception {
        owner.destroy();

        assertThat(owner.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(serverProcesses).noneMatch(ProcessHandle::isAlive);
        assertThat(ownedPaths()).isEmpty();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux tells a child that its parent died")
    void killedJvmLeavesNoProcessAndTheNextServerRemovesItsFiles() throws Exception {
        owner.destroyForcibly();

        await().atMost(DEADLINE).until(() -> serverProcesses.stream().noneMatch(ProcessHandle::isAlive));
        EmbeddedPostgres.builder().start().close();
        assertThat(ownedPaths()).isEmpty();
    }

    @Test
    void serversOfOtherJvmsAreLeftAlone() throws IOException {
        EmbeddedPostgres.builder().start().close();

        assertThat(serverProcesses).allMatch(ProcessHandle::isAlive);
        assertThat(ownedPaths()).hasSize(2);
    }

    private List<Path> ownedPaths() throws IOException {
        var prefix = "pgsync-postgres-" + owner.pid() + "-";
        try (var paths = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return paths.filter(path -> path.getFileName().toString().startsWith(prefix))
                    .toList();
        }
    }
}
