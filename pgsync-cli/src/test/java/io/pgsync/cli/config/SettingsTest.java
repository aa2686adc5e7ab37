package io.pgsync.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.elasticsearch.EngineKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @TempDir
    private Path directory;

    @Test
    void everyDefaultIsAValidValue() {
        for (Setting setting : Setting.values()) {
            setting.fallback()
                    .ifPresent(value -> assertThat(setting.type().problemWith(value))
                            .as(setting.name())
                            .isEmpty());
        }
    }

    @Test
    void readsEveryKindOfValue() {
        Settings settings = read(Map.of("PG_PORT", "5433", "LOG_INTERVAL", ".5", "CUSTOM_LOGGING", "a=INFO, b=DEBUG,"));

        assertThat(settings.integer(Setting.PG_PORT)).isEqualTo(5433);
        assertThat(settings.duration(Setting.LOG_INTERVAL)).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.list(Setting.CUSTOM_LOGGING)).containsExactly("a=INFO", "b=DEBUG");
    }

    /** A program that embeds pgsync has given them, whatever its own process has. */
    @Test
    void theVariablesOfASchemaFileAreThoseOfTheRun() {
        assertThat(read(Map.of("PG_PORT", "5433", "SHOP", "main", "NONE", "")).variables())
                .isEqualTo(Map.of("PG_PORT", "5433", "SHOP", "main"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"t", "T", "true", "TRUE", "on", "On", "y", "Yes", "1"})
    void knowsPythonsSpellingsOfTrue(String spelling) {
        assertThat(read(Map.of("POLLING", spelling)).flag(Setting.POLLING)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"f", "False", "off", "N", "no", "0"})
    void knowsPythonsSpellingsOfFalse(String spelling) {
        assertThat(read(Map.of("ELASTICSEARCH_VERIFY_CERTS", spelling)).flag(Setting.ELASTICSEARCH_VERIFY_CERTS))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "10GB, 10737418240", "512 MB, 536870912", "4k, 4096", "2tb, 2199023255552"})
    void readsSizesAsPostgresqlDoes(String text, long bytes) {
        assertThat(read(Map.of("PGSYNC_WAL_BUDGET", text)).bytes(Setting.PGSYNC_WAL_BUDGET))
                .contains(bytes);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "50%, 50", "75 %, 75", "100%, 100", "007, 7"})
    void readsPercentages(String text, int percent) {
        assertThat(read(Map.of("PGSYNC_REFUSED_LIMIT", text)).percent(Setting.PGSYNC_REFUSED_LIMIT))
                .isEqualTo(percent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "101%", "0.5", "half", "%"})
    void refusesWhatIsNoPercentage(String text) {
        assertThatThrownBy(() -> read(Map.of("PGSYNC_REFUSED_LIMIT", text)))
                .hasMessageContaining("PGSYNC_REFUSED_LIMIT must be a percentage from 1 to 100");
    }

    @ParameterizedTest
    @CsvSource({"1%/h, 0.01", "0.5%/h, 0.005", "24%/d, 0.01", "100%/h, 1", "0, 0", "0%/h, 0", "' 1%/h ', 0.01"})
    void readsSharesInATime(String text, double perHour) {
        assertThat(read(Map.of("PGSYNC_AUDIT", text)).sharePerHour(Setting.PGSYNC_AUDIT))
                .isEqualTo(perHour);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1%", "1/h", "1%/w", "-1%/h", "1 %/h", "%/h", ".5%/h", "off", "1e9%/h"})
    void refusesWhatIsNoShareInATime(String text) {
        assertThatThrownBy(() -> read(Map.of("PGSYNC_AUDIT", text)))
                .hasMessageContaining("PGSYNC_AUDIT must be a percentage in an hour or a day, as 1%/h or 10%/d, or 0"
                        + " for nothing, not \"" + text + "\"");
    }

    @Test
    void nothingIsAuditedUnlessSomebodyAsksForIt() {
        assertThat(read(Map.of()).sharePerHour(Setting.PGSYNC_AUDIT)).isZero();
    }

    @Test
    void refusesWhatIsNotOneOfTheChoices() {
        assertThatThrownBy(() -> read(Map.of("PGSYNC_WAL_BUDGET_ACTION", "drop", "PGSYNC_WAL_BUDGET", "much")))
                .hasMessageContaining("PGSYNC_WAL_BUDGET_ACTION must be warn or drop-slot, not \"drop\"")
                .hasMessageContaining("PGSYNC_WAL_BUDGET must be a size");
    }

    @Test
    void oneSearchEngineIsChosenAtMost() {
        assertThat(expected(Map.of())).isEmpty();
        assertThat(expected(Map.of("ELASTICSEARCH", "true"))).contains(EngineKind.ELASTICSEARCH);
        assertThat(expected(Map.of("ELASTICSEARCH", "false"))).contains(EngineKind.OPENSEARCH);
        assertThat(expected(Map.of("OPENSEARCH", "true"))).contains(EngineKind.OPENSEARCH);
        assertThat(expected(Map.of("OPENSEARCH", "false"))).isEmpty();
        assertThat(expected(Map.of("OPENSEARCH", "false", "ELASTICSEARCH", "true")))
                .contains(EngineKind.ELASTICSEARCH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void refusesBothSearchEnginesAndNeither(String both) {
        assertThatThrownBy(() -> read(Map.of("OPENSEARCH", both, "ELASTICSEARCH", both)))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        failure -> assertThat(failure.problems())
                                .containsExactly("OPENSEARCH and ELASTICSEARCH are both " + both
                                        + ", but the search engine is one of them; leave both out, and pgsync asks the"
                                        + " engine"));
    }

    private static Optional<EngineKind> expected(Map<String, String> variables) {
        return ElasticsearchConfig.from(read(variables)).expected();
    }

    @Test
    void reportsAllProblemsTogether() {
        Map<String, String> variables = Map.of(
                "PG_PORT", "2048*10",
                "POLLING", "maybe",
                "PG_SSLMODE", "never",
                "PG_SSLROOTCERT", "/does/not/exist",
                "PGSYNC_SLOTT", "a",
                "PG_DRIVER", "pymysql");

        assertThatThrownBy(() -> read(variables))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        failure -> assertThat(failure.problems())
                                .hasSize(6)
                                .anyMatch(problem ->
                                        problem.startsWith("PG_PORT must be a port, 1 to 65535, not \"2048*10\""))
                                .anyMatch(problem -> problem.startsWith("PGSYNC_SLOTT is not a setting")));
    }

    @Test
    void theProcessWinsOverTheFileAndTheCommandLineOverBoth() throws IOException {
        Files.writeString(directory.resolve(".env"), "PG_HOST=file\nPG_PORT=1\nPG_USER=file\nSCHEMA_URL=http://file");
        Environment environment = Environment.load(Map.of("PG_HOST", "process", "PG_PORT", "2"), directory)
                .withOptions(Map.of("PG_HOST", "option", "SCHEMA_URL", ""));

        Settings settings = Settings.read(environment);

        assertThat(settings.text(Setting.PG_HOST)).contains("option");
        assertThat(settings.integer(Setting.PG_PORT)).isEqualTo(2);
        assertThat(settings.text(Setting.PG_USER)).contains("file");
        assertThat(settings.text(Setting.SCHEMA_URL)).isEmpty();
        assertThat(settings.originOf(Setting.PG_HOST)).isEqualTo("command line");
        assertThat(settings.originOf(Setting.PG_PORT)).isEqualTo("environment");
        assertThat(settings.originOf(Setting.PG_USER)).endsWith(".env");
        assertThat(settings.originOf(Setting.ELASTICSEARCH_HOST)).isEqualTo("default");
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void readsEverySecretFromAFileAndNeverShowsIt(Setting setting) throws IOException {
        String secret = setting.type() == ValueType.URL || setting.type() == ValueType.SIGNED_URL
                ? "postgresql://me:hunter2@db:1"
                : "me:hunter2 ";
        String value = setting == Setting.ELASTICSEARCH_URL ? "http://me:hunter2@db:1" : secret;
        Path file = Files.writeString(directory.resolve("secret"), value + "\n");

        Settings settings = read(Map.of(setting + "_FILE", file.toString()));

        assertThat(settings.text(setting)).contains(value);
        assertThat(settings.shown(setting).orElseThrow()).contains("********").doesNotContain("hunter2");
        assertThat(settings.originOf(setting)).isEqualTo(file + ", named by " + setting + "_FILE in environment");
    }

    static Stream<Setting> secrets() {
        return Stream.of(Setting.values())
                .filter(Setting::isSecret)
                .filter(setting -> setting != Setting.S3_SCHEMA_URL);
    }

    @Test
    void refusesASecretThatIsGivenTwiceOrCannotBeRead() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), "hunter2");
        Path empty = Files.writeString(directory.resolve("empty"), "\n");
        Map<String, String> variables = Map.of(
                "PG_PASSWORD",
                "hunter3",
                "PG_PASSWORD_FILE",
                file.toString(),
                "ELASTICSEARCH_PASSWORD_FILE",
                "/does/not/exist",
                "ELASTICSEARCH_API_KEY_FILE",
                empty.toString());

        assertThatThrownBy(() -> read(variables))
                .hasMessageContainingAll(
                        "PG_PASSWORD (from environment) and PG_PASSWORD_FILE (from environment) are both given",
                        "ELASTICSEARCH_PASSWORD_FILE names \"/does/not/exist\", which cannot be read",
                        "ELASTICSEARCH_API_KEY_FILE names \"" + empty + "\", which is empty")
                .message()
                .doesNotContain("hunter");
    }

    @Test
    void aPasswordThatIsTypedWinsOverItsFile() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), "of the file");
        Environment environment =
                Environment.of(Map.of("PG_PASSWORD_FILE", file.toString())).withOptions(Map.of("PG_PASSWORD", "typed"));

        assertThat(Settings.read(environment).text(Setting.PG_PASSWORD)).contains("typed");
    }

    @Test
    void tellsWhatIsWrongWithAddressesTogetherWithTheRest() {
        Map<String, String> variables = Map.of(
                "PG_URL", "postgresql://me:hunter2@db?sslmode=never",
                "ELASTICSEARCH_URL", "me:hunter2@search",
                "PGSYNC_HTTP_PORT", "70000");

        assertThatThrownBy(() -> read(variables))
                .hasMessageContainingAll(
                        "PG_URL: Unknown sslmode 'never'",
                        "ELASTICSEARCH_URL: ",
                        "PGSYNC_HTTP_PORT must be a port, 1 to 65535, not \"70000\"")
                .message()
                .doesNotContain("hunter");
    }

    @Test
    void neverShowsASecret() {
        Settings settings = read(Map.of(
                "PG_PASSWORD", "hunter2",
                "PG_URL", "postgresql://me:hunter2@db/?password=hunter2",
                "ELASTICSEARCH_URL", "https://me:hunter2@one:9200,https://me:hunter2@two:9200",
                "SCHEMA_URL", "http://me:hun@ter2@files/schema.json?signature=s"));

        assertThat(settings.shown(Setting.PG_PASSWORD)).contains("********");
        assertThat(settings.shown(Setting.PG_URL)).contains("postgresql://me:********@db/?password=********");
        assertThat(settings.shown(Setting.ELASTICSEARCH_URL))
                .contains("https://me:********@one:9200,https://me:********@two:9200");
        assertThat(settings.shown(Setting.SCHEMA_URL)).contains("http://me:********@files/schema.json?...");
    }

    @Test
    void saysWhatHappensInsteadOfPgsyncsRetiredVariables() {
        Settings settings = read(Map.of("REDIS_HOST", "r", "REDIS_PORT", "1", "CHECKPOINT_PATH", "/tmp"));

        assertThat(settings.notices())
                .containsExactly(
                        "REDIS_HOST, REDIS_PORT not used: Redis is not needed: changes come from the replication slot",
                        "CHECKPOINT_PATH not used: progress is kept in the state index beside the data");
    }

    private static Settings read(Map<String, String> variables) {
        return Settings.read(Environment.of(variables));
    }
}
