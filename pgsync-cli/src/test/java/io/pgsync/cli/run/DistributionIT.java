package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.cli.command.PgsyncCommand;
import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.embedded.LoopbackPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The archive that the build makes, unpacked and used as somebody would who has nothing else of this project. */
class DistributionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    private static Path home;

    @TempDir
    private Path elsewhere;

    private final Map<String, String> variables = new HashMap<>();

    @BeforeAll
    static void unpack() throws Exception {
        Path archive;
        try (var files = Files.newDirectoryStream(Path.of("target"), "pgsync-*.tar.gz")) {
            archive = files.iterator().next().toAbsolutePath();
        }
        var tar = new ProcessBuilder("tar", "-xzf", archive.toString(), "--strip-components=1")
                .directory(home.toFile())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
    }

    @Test
    void holdsWhatItPromisesAndNothingToBuildWith() {
        assertThat(List.of(
                        "LICENSE",
                        "README.md",
                        "lib/pgsync.jar",
                        "lib/pgsync-torture.jar",
                        "lib/pgsync-aws.jar",
                        "packaging/pgsync.service",
                        "examples/bookshop"))
                .allSatisfy(name -> assertThat(home.resolve(name)).exists());
        assertThat(List.of("pom.xml", "mvnw", "config", "pgsync"))
                .allSatisfy(name -> assertThat(home.resolve(name)).doesNotExist());
    }

    @Test
    void runsFromAnyDirectoryAndThroughLinks() throws Exception {
        Path links = Files.createDirectory(home.resolve("links"));
        Path link = Files.createSymbolicLink(links.resolve("sync"), home.resolve("bin/pgsync"));
        Path linkToLink = Files.createSymbolicLink(links.resolve("again"), Path.of("sync"));
        Path prepare = Files.createSymbolicLink(links.resolve("prepare"), home.resolve("bin/bootstrap"));

        assertThat(output(home.resolve("bin/pgsync"), "--version"))
                .startsWith("Version: ")
                .doesNotContain("development");
        assertThat(output(link, "--help")).contains("--daemon");
        assertThat(output(linkToLink, "--version")).startsWith("Version: ");
        assertThat(output(prepare, "--help")).contains("pgsync bootstrap", "--teardown");
        assertThat(output(home.resolve("bin/parallel_sync"), "--help")).contains("pgsync parallel_sync", "--nprocs");
    }

    @Test
    void completesCommandsAndOptions() throws Exception {
        Path script =
                Files.writeString(elsewhere.resolve("complete"), """
                . '%s'
                COMP_WORDS=(pgsync boot); COMP_CWORD=1; _complete_pgsync; echo "${COMPREPLY[@]}"
                COMP_WORDS=(pgsync backfill --doc); COMP_CWORD=2; _complete_pgsync; echo "${COMPREPLY[@]}"
                """.formatted(home.resolve("completion/pgsync")));

        assertThat(output(Path.of("bash"), script.toString()))
                .contains("bootstrap\n")
                .contains("--document");
    }

    @Test
    void holdsAManualPageOfEachCommand() throws Exception {
        Path pages = home.resolve("share/man/man1");
        Set<String> commands =
                new CommandLine(new PgsyncCommand()).getSubcommands().keySet();

        assertThat(Files.readString(pages.resolve("pgsync.1")))
                .contains("\n.SH \"SYNOPSIS\"", asPrinted("--daemon"))
                .contains(commands.stream().map(DistributionIT::asPrinted).toList());
        assertThat(commands)
                .allSatisfy(name -> assertThat(Files.readString(pages.resolve("pgsync-" + name + ".1")))
                        .contains(".TH \"" + asPrinted("PGSYNC-" + name.toUpperCase(Locale.ROOT)) + "\""));
    }

    /** In the language of manual pages. */
    private static String asPrinted(String text) {
        return text.replace("-", "\\-");
    }

    @Test
    void startsFromAnArchiveOfItsClasses() throws Exception {
        assertThat(output(home.resolve("bin/pgsync"), "archive-classes")).contains(home.toRealPath() + "/lib/pgsync-");

        variables.put("PGSYNC_JAVA_OPTIONS", "-Xlog:class+load");
        assertThat(output(home.resolve("bin/pgsync"), "config"))
                .contains("io.pgsync.cli.config.Settings source: shared objects file (top)")
                .contains("ch.qos.logback.classic.Logger source: shared objects file (top)");
    }

    @Test
    void loadsFollowsAnswersForItsHealthAndEndsWellOnSigterm() throws Exception {
        try (var shop = Shop.open(elsewhere)) {
            Settings settings = shop.settings(Map.of());
            List.of(Setting.SCHEMA, Setting.PG_URL, Setting.ELASTICSEARCH_URL, Setting.PGSYNC_DEAD_LETTERS)
                    .forEach(name -> variables.put(name.name(), settings.required(name)));
            output(home.resolve("bin/bootstrap"));
            output(home.resolve("bin/parallel_sync"), "--nprocs", "2", "--mode", "multithreaded");
            assertThat(shop.differences()).isEmpty();

            variables.put(Setting.PGSYNC_HTTP_PORT.name(), Integer.toString(LoopbackPort.free()));
            Process daemon = start(home.resolve("bin/pgsync"), "--daemon");
            await().atMost(PATIENCE).until(() -> healthcheck() == 0);
            daemon.destroy();

            assertThat(daemon.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(daemon.exitValue()).isZero();
            assertThat(healthcheck()).isNotZero();
        }
    }

    /** What the Dockerfile says. */
    private int healthcheck() throws Exception {
        String line = Files.readAllLines(Path.of("../Dockerfile")).stream()
                .filter(text -> text.startsWith("HEALTHCHECK"))
                .findFirst()
                .orElseThrow();
        var command = new ArrayList<String>();
        JsonMapper.builder()
                .build()
                .readTree(line.substring(line.indexOf('[')))
                .forEach(word -> command.add(word.asText()));
        return builder(command).start().waitFor();
    }

    private String output(Path program, String... arguments) throws Exception {
        Process process = start(program, arguments);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        String output = Files.readString(elsewhere.resolve("output"));
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private Process start(Path program, String... arguments) throws IOException {
        var command = new ArrayList<String>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        return builder(command).start();
    }

    private ProcessBuilder builder(List<String> command) {
        var builder = new ProcessBuilder(command)
                .directory(elsewhere.toFile())
                .redirectErrorStream(true)
                .redirectOutput(elsewhere.resolve("output").toFile());
        builder.environment().putAll(variables);
        return builder;
    }
}
