package io.pgsync.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.cli.GuideTable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Every option of PGSync's three commands, as it stands on a command line: does what it did, or says in one line what happens instead. */
class PgsyncOptionsTest {
    private static final String TABLE = "/pgsync/options.csv";
    private static final String NO_SUCH_FILE = "/does/not/exist.json";

    @TempDir
    private Path directory;

    private final PrintStream standardError = System.err;
    private final InputStream standardInput = System.in;
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

    @BeforeEach
    void redirect() {
        System.setErr(new PrintStream(messages, true, StandardCharsets.UTF_8));
        System.setIn(new ByteArrayInputStream("typed\n".getBytes(StandardCharsets.UTF_8)));
    }

    @AfterEach
    void restore() {
        System.setErr(standardError);
        System.setIn(standardInput);
    }

    /** The run itself ends at a schema file that is not there. */
    @ParameterizedTest
    @CsvFileSource(resources = TABLE, delimiter = '|', numLinesToSkip = 1)
    void isUsedOrSaysWhatHappensInstead(String command, String arguments, String outcome, String evidence)
            throws IOException {
        String file = Files.writeString(directory.resolve("file"), "").toString();
        CommandLine line = Console.commandLine();
        line.setOut(new PrintWriter(messages, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(messages, true, StandardCharsets.UTF_8));

        int code = line.execute(words(command, arguments.replace("FILE", file)));

        String said = messages.toString(StandardCharsets.UTF_8);
        assertThat(code).as(said).isIn(0, 3);
        switch (outcome) {
            case "accepted" ->
                assertThat(said.lines().filter(text -> text.contains(":INFO:") || text.contains(":WARN:")))
                        .singleElement()
                        .asString()
                        .contains(evidence);
            case "refused" -> assertThat(said).contains(evidence + " is not read");
            default ->
                assertUsed(
                        variables(line), Optional.ofNullable(evidence).map(text -> text.replace("FILE", file)), said);
        }
    }

    @Test
    void theGuideListsThemAll() throws IOException {
        var rows = new LinkedHashSet<>(
                List.of(GuideTable.row("command", "option", "outcome", "what it does"), "|---|---|---|---|"));
        for (String[] cells : table()) {
            CommandSpec command = command(Console.commandLine(), cells[0]).getCommandSpec();
            var option = command.findOption(cells[1].split(" ", 2)[0]);
            rows.add(GuideTable.row(
                    cells[0],
                    "`" + String.join("`, `", option.names()) + "`",
                    cells[2],
                    String.join(" ", option.description())));
        }

        new GuideTable("options of PGSync").mustBe(new ArrayList<>(rows));
    }

    private static void assertUsed(Map<String, String> variables, Optional<String> expected, String said) {
        expected.map(text -> text.split("=", 2))
                .ifPresent(pair -> assertThat(variables).containsEntry(pair[0], pair[1]));
        assertThat(said).doesNotContain(":INFO:").doesNotContain("not used");
    }

    private static String[] words(String command, String arguments) {
        var words = new ArrayList<String>();
        if (!command.equals("pgsync")) {
            words.add(command);
        }
        words.addAll(Arrays.asList(arguments.split(" ")));
        boolean named = words.stream()
                .anyMatch(word -> word.equals("-c") || word.contains("config") || word.contains("schema_url"));
        if (!named) {
            words.addAll(List.of("-c", NO_SUCH_FILE));
        }
        return words.toArray(String[]::new);
    }

    private static CommandLine command(CommandLine line, String name) {
        return name.equals("pgsync") ? line : line.getSubcommands().get(name);
    }

    /** What the options that were given say to the settings. */
    private static Map<String, String> variables(CommandLine line) {
        var variables = new TreeMap<String, String>();
        CommandLine.ParseResult parsed = line.getParseResult();
        CommandSpec command = (parsed.hasSubcommand() ? parsed.subcommand() : parsed).commandSpec();
        for (CommandSpec mixin : command.mixins().values()) {
            Object options = mixin.userObject();
            if (options instanceof SchemaFileOptions given) {
                variables.putAll(given.asVariables());
            } else if (options instanceof ReaderOptions readers) {
                variables.putAll(readers.asVariables());
            }
        }
        return variables;
    }

    private static List<String[]> table() throws IOException {
        try (var stream = PgsyncOptionsTest.class.getResourceAsStream(TABLE)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(text -> text.split("\\|", -1))
                    .toList();
        }
    }
}
