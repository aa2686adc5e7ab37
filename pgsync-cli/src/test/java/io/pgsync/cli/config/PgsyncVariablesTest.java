package io.pgsync.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgsync.cli.GuideTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Every variable of PGSync: does what it did, or says in one line what happens instead. */
class PgsyncVariablesTest {
    private static final String TABLE = "/pgsync/variables.csv";

    @TempDir
    private static Path directory;

    @ParameterizedTest
    @CsvFileSource(resources = TABLE, delimiter = '|', numLinesToSkip = 1)
    void isUsedOrSaysWhatHappensInstead(String name, String value, String outcome) throws IOException {
        var given = new Variable(name, value.replace("FILE", file()));

        switch (outcome) {
            case "used" -> {
                assertThat(given.read().text(Setting.valueOf(name))).contains(given.value());
                assertThat(given.read().notices()).isEmpty();
            }
            case "accepted" -> {
                assertThat(Setting.named(name)).isEmpty();
                assertThat(given.read().notices()).singleElement().asString().startsWith(name + " not used: ");
            }
            default -> assertThat(given.problem()).contains(name).contains(", but ");
        }
    }

    @Test
    void theGuideListsThemAll() throws IOException {
        List<String> rows =
                new ArrayList<>(List.of(GuideTable.row("variable", "outcome", "what it does"), "|---|---|---|"));
        for (Variable variable : table()) {
            rows.add(variable.row());
        }

        // A flag was tried with both values, and may do the same with each.
        new GuideTable("variables of PGSync").mustBe(rows.stream().distinct().toList());
    }

    @Test
    void theGuideListsEverySetting() throws IOException {
        List<String> rows = new ArrayList<>(List.of(GuideTable.row("variable", "default", "meaning"), "|---|---|---|"));
        Arrays.stream(Setting.values())
                .map(setting -> GuideTable.row(
                        "`" + setting + "`",
                        setting.fallback().map(value -> "`" + value + "`").orElse(""),
                        setting.meaning()))
                .forEach(rows::add);

        new GuideTable("settings").mustBe(rows);
    }

    private static List<Variable> table() throws IOException {
        try (var stream = PgsyncVariablesTest.class.getResourceAsStream(TABLE)) {
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .skip(1)
                    .map(line -> line.split("\\|", -1))
                    .map(cells -> new Variable(cells[0], cells[1]))
                    .toList();
        }
    }

    private static String file() throws IOException {
        Path file = directory.resolve("certificate.pem");
        return (Files.exists(file) ? file : Files.createFile(file)).toString();
    }

    private record Variable(String name, String value) {
        Settings read() {
            Map<String, String> together = new HashMap<>(Map.of(name, value));
            // A certificate without its key is a mistake of its own, and so are signatures without a region.
            if (name.equals("ELASTICSEARCH_CLIENT_CERT")) {
                together.put("ELASTICSEARCH_CLIENT_KEY", value);
            }
            if (name.endsWith("_AWS_HOSTED")) {
                together.put("ELASTICSEARCH_AWS_REGION", "eu-west-1");
            }
            return Settings.read(Environment.of(together));
        }

        String problem() {
            return catchThrowableOfType(ConfigurationException.class, this::read)
                    .problems()
                    .get(0);
        }

        String row() throws IOException {
            if (Setting.named(name).isEmpty()) {
                String notice = read().notices().get(0);
                return GuideTable.row("`" + name + "`", "accepted", notice.substring(notice.indexOf(':') + 2));
            }
            try {
                new Variable(name, value.replace("FILE", file())).read();
                return GuideTable.row(
                        "`" + name + "`", "used", Setting.valueOf(name).meaning());
            } catch (ConfigurationException e) {
                return GuideTable.row(
                        "`" + name + "=" + value + "`", "refused", e.problems().get(0));
            }
        }
    }
}
