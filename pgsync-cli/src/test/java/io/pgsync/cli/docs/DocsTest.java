package io.pgsync.cli.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.cli.command.PgsyncCommand;
import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.VariableNames;
import io.pgsync.cli.docs.GuidePage.Block;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.schema.SchemaReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What README and guide say is so: commands, variables, schema files, links, exit codes. {@link DocsIT} tries the rest on a server. */
class DocsTest {
    private static final Pattern PROGRAM = Pattern.compile("(?:\\S*/)?(pgsync|bootstrap|parallel_sync)(?: (.*))?");
    private static final Pattern VARIABLE =
            Pattern.compile("\\b(?!PGSYNC_TEST_)(?:PG|PGSYNC|ELASTICSEARCH|REDIS|SCHEMA)_[A-Z_]*[A-Z]\\b");
    /** Programs of others; what they are given is for them to judge. */
    private static final Set<String> OTHERS =
            Set.of("./mvnw", "java", "curl", "tar", "ln", "cp", "systemctl", "docker", "psql", ".");

    static List<GuidePage> pages() throws IOException {
        return GuidePage.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadSomewhere(GuidePage page) {
        assertThat(page.links()).filteredOn(link -> !link.startsWith("http")).allSatisfy(link -> {
            String[] parts = link.split("#", 2);
            Path target = parts[0].isEmpty() ? page.file() : page.file().resolveSibling(parts[0]);
            assertThat(target).exists();
            if (parts.length == 2) {
                assertThat(new GuidePage(target, Files.readString(target)).hasAnchor(parts[1]))
                        .isTrue();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("pages")
    void commandsAreUnderstood(GuidePage page) {
        for (Block block : page.blocks("sh")) {
            for (String command : block.commands()) {
                assertUnderstood(command);
            }
        }
    }

    private static void assertUnderstood(String command) {
        var program = PROGRAM.matcher(command);
        if (program.matches()) {
            String name = program.group(1).equals("pgsync") ? "" : program.group(1) + " ";
            List<String> words =
                    words(name + Optional.ofNullable(program.group(2)).orElse(""));
            CommandLine line = new CommandLine(new PgsyncCommand()).setCaseInsensitiveEnumValuesAllowed(true);
            assertThatCode(() -> line.parseArgs(words.toArray(String[]::new)))
                    .as(command)
                    .doesNotThrowAnyException();
        } else if (!command.matches("(export )?([A-Z_]+=\\S* ?)+")) {
            assertThat(OTHERS).as(command).contains(words(command).get(0));
        }
    }

    /** As a shell would part them. */
    private static List<String> words(String command) {
        return Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)")
                .matcher(command)
                .results()
                .map(word -> word.group().replaceAll("^[\"']|[\"']$", ""))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void variablesAreKnown(GuidePage page) throws IOException {
        Set<String> ofPgsync = variablesOfPgsync();

        assertThat(VARIABLE.matcher(page.text())
                        .results()
                        .map(found -> found.group())
                        .distinct())
                .allSatisfy(name -> assertThat(
                                Setting.named(name.replaceFirst("_FILE$", "")).isPresent() || ofPgsync.contains(name))
                        .as(name)
                        .isTrue());
    }

    private static Set<String> variablesOfPgsync() throws IOException {
        try (var table = DocsTest.class.getResourceAsStream("/pgsync/variables.csv")) {
            return new String(table.readAllBytes(), UTF_8)
                    .lines()
                    .map(line -> line.split("\\|", 2)[0])
                    .collect(Collectors.toSet());
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void schemaFilesAreRead(GuidePage page) throws IOException {
        for (Block block : page.blocks("json")) {
            var json = JsonMapper.builder().build().readTree(block.text());
            if (json.isArray()) {
                assertThat(SchemaReader.read(page.toString(), block.text().getBytes(UTF_8), Map.of())
                                .warnings())
                        .isEmpty();
            } else {
                assertThat(json.isObject()).as(block.text()).isTrue();
            }
        }
    }

    /** Every message that a page explains is in the sources, however their lines are broken; {@code …} stands for anything. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "docs/guide/amazon.md",
                "docs/guide/engines.md",
                "docs/guide/managed-databases.md",
                "docs/guide/troubleshooting.md"
            })
    void messagesAreThoseOfTheProgram(String page) throws IOException {
        String sources =
                VariableNames.addedTo((sources("..", "src/main/java") + Files.readString(Path.of("../bin/pgsync")))
                        .replaceAll("\"\\s*\\+\\s*\"", "")
                        .replace("\\\"", "\""));

        assertThat(GuidePage.of(page).messages())
                .isNotEmpty()
                .allSatisfy(quotation -> assertThat(quotation.split("…"))
                        .allSatisfy(part -> assertThat(sources.contains(part.strip()))
                                .as(quotation)
                                .isTrue()));
    }

    /** Of the modules in a directory, below {@code root} in each. */
    private static String sources(String directory, String root) throws IOException {
        var text = new StringBuilder();
        try (var modules =
                Files.newDirectoryStream(Path.of(directory), module -> Files.isDirectory(module.resolve(root)))) {
            for (Path module : modules) {
                try (var files = Files.walk(module.resolve(root))) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        text.append(Files.readString(file));
                    }
                }
            }
        }
        return text.toString();
    }

    /** Compiled and run there; the imports are left out here. */
    @ParameterizedTest
    @MethodSource("pages")
    void programsAreThoseOfTheExamples(GuidePage page) throws IOException {
        String examples = sources("../examples", "src/main/java") + sources("../examples", "src/test/java");

        assertThat(page.blocks("java")).allSatisfy(block -> assertThat(examples).contains(block.text()));
    }

    /** Of their own: imports are left out, and an empty line is none. */
    @Test
    void programsOfTheLibraryPageAreShort() {
        assertThat(GuidePage.of("docs/guide/library.md").blocks("java"))
                .hasSize(4)
                .allSatisfy(program -> assertThat(program.text().lines().filter(line -> !line.isBlank()))
                        .hasSizeLessThanOrEqualTo(25));
    }

    @Test
    void exitCodesAreThoseOfTheProgram() {
        assertThat(GuidePage.of("README.md").table("code")).zipSatisfy(List.of(ExitCode.values()), (row, code) -> {
            assertThat(row.get(0)).isEqualTo(Integer.toString(code.code()));
            assertThat(row.get(1)).startsWith(code.meaning());
        });
    }
}
