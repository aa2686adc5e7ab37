package io.pgsync.embedded.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class EmbeddedElasticsearchLifetimeIT {

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux tells a child that its parent died")
    void killedJvmLeavesNoProcess() throws Exception {
        var owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ElasticsearchOwner.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var output = new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8));
        assertThat(output.lines().anyMatch("ready"::equals)).isTrue();
        // The launcher and the server that it started.
        var serverProcesses = owner.descendants().toList();
        assertThat(serverProcesses).hasSizeGreaterThan(1);

        owner.destroyForcibly();

        await().atMost(Duration.ofSeconds(60))
                .until(() -> serverProcesses.stream().noneMatch(ProcessHandle::isAlive));
    }
}
