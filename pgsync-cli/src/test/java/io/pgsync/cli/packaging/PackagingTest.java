package io.pgsync.cli.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.pgsync.cli.command.PgsyncCommand;
import io.pgsync.cli.config.Setting;
import io.pgsync.cli.exit.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Container and service files agree with what the program knows. Docker itself is not needed, and was not used. */
class PackagingTest {
    private static final Path PROJECT = Path.of("..");
    private static final Set<ExitCode> WORTH_A_RESTART = Set.of(ExitCode.OK, ExitCode.FAILURE);

    @Test
    void theServiceRestartsWhereThatHelpsAndOnlyThere() throws IOException {
        List<String> unit = lines("packaging/pgsync.service");

        assertThat(valueOf(unit, "Restart")).isEqualTo("on-failure");
        assertThat(valueOf(unit, "RestartPreventExitStatus").split(" "))
                .containsExactly(Arrays.stream(ExitCode.values())
                        .filter(code -> !WORTH_A_RESTART.contains(code))
                        .map(code -> Integer.toString(code.code()))
                        .toArray(String[]::new));
        assertThat(Integer.parseInt(valueOf(unit, "TimeoutStopSec"))).isGreaterThan(shutdownSeconds());
        assertKnownOptions(valueOf(unit, "ExecStart").replace("/opt/pgsync/bin/pgsync ", ""));
    }

    @Test
    void theServicesVariablesAreSettings() throws IOException {
        assertThat(lines("packaging/pgsync.env"))
                .filteredOn(line -> !line.startsWith("#"))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(Setting.named(line.substring(0, line.indexOf('='))))
                        .as(line)
                        .isPresent());
    }

    @Test
    void theImageRunsTheLaunchScriptAsAnotherUserThanRoot() throws IOException {
        List<String> image = lines("Dockerfile");
        List<String> built = image.subList(image.lastIndexOf("FROM eclipse-temurin:25-jre"), image.size());

        assertThat(instruction(built, "USER")).isNotEqualTo("root");
        assertThat(strings(instruction(built, "ENTRYPOINT"))).containsExactly("/opt/pgsync/bin/pgsync");
        assertKnownOptions(String.join(" ", strings(instruction(built, "CMD"))));
        assertThat(instruction(built, "HEALTHCHECK")).contains("$" + Setting.PGSYNC_HTTP_PORT, "/health/live");
        assertThat(built)
                .containsSubsequence(
                        "COPY --from=build /opt/pgsync /opt/pgsync",
                        "RUN /opt/pgsync/bin/pgsync archive-classes",
                        "USER pgsync");
        assertThat(instruction(built, "ENV")).startsWith(Setting.PGSYNC_HTTP_PORT + "=");
    }

    @Test
    void theCompositionFitsItsParts() throws IOException {
        JsonNode services = new YAMLMapper()
                .readTree(PROJECT.resolve("compose.yaml").toFile())
                .path("services");
        JsonNode pgsync = services.path("pgsync");

        assertThat(pgsync.path("environment").properties())
                .isNotEmpty()
                .allSatisfy(variable -> assertThat(Setting.named(variable.getKey()))
                        .as(variable.getKey())
                        .isPresent());
        assertThat(pgsync.path("depends_on").properties())
                .allSatisfy(needed -> assertThat(services.path(needed.getKey())
                                .path("healthcheck")
                                .isObject())
                        .isTrue());
        assertThat(mounts(services))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(PROJECT.resolve(file)).isRegularFile());
        assertThat(texts(services.path("postgres").path("command"))).contains("wal_level=logical");
        assertThat(Integer.parseInt(pgsync.path("stop_grace_period").asText().replace("s", "")))
                .isGreaterThan(shutdownSeconds());
        assertKnownOptions(String.join(" ", texts(pgsync.path("command"))));
    }

    @Test
    void thePodsFitTheProgram() throws IOException {
        List<JsonNode> parts = new YAMLMapper()
                .readerFor(JsonNode.class)
                .<JsonNode>readValues(
                        PROJECT.resolve("packaging/kubernetes.yaml").toFile())
                .readAll();
        JsonNode pod = part(parts, "Deployment").at("/spec/template/spec");
        JsonNode daemon = pod.at("/containers/0");

        assertThat(part(parts, "Deployment").at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isGreaterThan(shutdownSeconds());
        assertThat(daemon.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
        assertThat(daemon.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
        assertKnownOptions(String.join(" ", texts(daemon.path("args"))));
        assertKnownOptions(String.join(" ", texts(part(parts, "Job").at("/spec/template/spec/containers/0/args"))));
        JsonNode environment = parts.stream()
                .filter(each -> each.at("/metadata/name").asText().equals("pgsync-environment"))
                .findFirst()
                .orElseThrow()
                .path("data");
        assertThat(environment.properties())
                .isNotEmpty()
                .allSatisfy(variable -> assertThat(Setting.named(variable.getKey()))
                        .as(variable.getKey())
                        .isPresent());
        assertThat(daemon.at("/ports/0/containerPort").asText())
                .isEqualTo(environment.path("PGSYNC_HTTP_PORT").asText());
    }

    private static JsonNode part(List<JsonNode> parts, String kind) {
        return parts.stream()
                .filter(each -> each.path("kind").asText().equals(kind))
                .findFirst()
                .orElseThrow(() -> new AssertionError(kind + " is missing"));
    }

    private static int shutdownSeconds() {
        return Integer.parseInt(Setting.PGSYNC_SHUTDOWN_TIMEOUT.fallback().orElseThrow());
    }

    private static void assertKnownOptions(String arguments) {
        assertThat(new CommandLine(new PgsyncCommand())
                        .parseArgs(arguments.split(" "))
                        .errors())
                .isEmpty();
    }

    private static List<String> mounts(JsonNode services) {
        return Stream.of("postgres", "pgsync")
                .flatMap(service -> texts(services.path(service).path("volumes")).stream())
                .map(mount -> mount.substring(0, mount.indexOf(':')))
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private static String valueOf(List<String> unit, String key) {
        return only(unit, key + "=");
    }

    private static String instruction(List<String> image, String name) {
        return only(image, name + " ");
    }

    private static String only(List<String> lines, String start) {
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .reduce((first, second) -> {
                    throw new AssertionError(start + " twice");
                })
                .orElseThrow(() -> new AssertionError(start + " is missing"))
                .substring(start.length());
    }

    private static List<String> strings(String json) throws IOException {
        return texts(JsonMapper.builder().build().readTree(json));
    }

    private static List<String> lines(String file) throws IOException {
        return Files.readAllLines(PROJECT.resolve(file));
    }
}
