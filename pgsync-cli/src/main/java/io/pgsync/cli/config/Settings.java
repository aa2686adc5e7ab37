package io.pgsync.cli.config;

import io.pgsync.elasticsearch.ElasticsearchSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The checked values of every {@link Setting}. A secret may also lie in a file: {@code PG_PASSWORD_FILE=/run/secrets/pg} stands for
 * {@code PG_PASSWORD}.
 */
public final class Settings {
    private static final String OWN_PREFIX = "PGSYNC_";
    /** Variables of the project's own tests and benchmarks. */
    private static final String TEST_PREFIX = "PGSYNC_TEST_";

    private static final String FILE_SUFFIX = "_FILE";

    private final Environment environment;
    private final Map<Setting, String> given = new EnumMap<>(Setting.class);
    private final List<String> problems = new ArrayList<>();

    private Settings(Environment environment) {
        this.environment = environment;
    }

    /** Reads and checks all settings; fails with one exception that has everything that is wrong with them. */
    public static Settings read(Environment environment) {
        var settings = new Settings(environment);
        for (Setting setting : Setting.values()) {
            settings.read(setting);
        }
        settings.refuseUnknownNames();
        settings.refuseOtherSystems();
        settings.refuseUnusableAddresses();
        if (!settings.problems.isEmpty()) {
            throw new ConfigurationException(settings.problems);
        }
        return settings;
    }

    /** The value given, or the default. */
    public Optional<String> text(Setting setting) {
        return Optional.ofNullable(given.get(setting)).or(setting::fallback);
    }

    /** Like {@link #text} for a setting that has a default. */
    public String required(Setting setting) {
        return text(setting).orElseThrow(() -> new IllegalStateException(setting + " has no default"));
    }

    public int integer(Setting setting) {
        return Integer.parseInt(required(setting).strip());
    }

    public boolean flag(Setting setting) {
        return ValueType.flag(required(setting));
    }

    public Duration duration(Setting setting) {
        return ValueType.seconds(required(setting).strip());
    }

    /** Bytes, if the setting is given. */
    public Optional<Long> bytes(Setting setting) {
        return text(setting).map(ValueType::bytes);
    }

    /** From 1 to 100. */
    public int percent(Setting setting) {
        return ValueType.percent(required(setting));
    }

    /** The part in an hour. */
    public double sharePerHour(Setting setting) {
        return ValueType.sharePerHour(required(setting));
    }

    public List<String> list(Setting setting) {
        return text(setting).map(ValueType::list).orElse(List.of());
    }

    public Optional<Path> file(Setting setting) {
        return text(setting).map(Path::of);
    }

    /**
     * All variables of the run, also those that are not settings. They give the values of {@code $NAME} in a schema
     * file.
     */
    public Map<String, String> variables() {
        return environment.all();
    }

    /** True if the value is given and not the default. */
    public boolean isGiven(Setting setting) {
        return given.containsKey(setting);
    }

    /** The value as people may see it, secrets masked. */
    public Optional<String> shown(Setting setting) {
        return text(setting).map(value -> setting.type().masked(value));
    }

    /**
     * {@code command line}, {@code environment}, the path of the {@code .env} file or of a secret's file, or
     * {@code default}.
     */
    public String originOf(Setting setting) {
        if (!isGiven(setting)) {
            return "default";
        }
        String name = setting.name();
        return environment.get(name).isPresent()
                ? environment.originOf(name)
                : environment.get(name + FILE_SUFFIX).orElse("") + ", named by " + name + FILE_SUFFIX + " in "
                        + environment.originOf(name + FILE_SUFFIX);
    }

    /**
     * One line for each group of PGSync's variables that are set without effect, and for anything else without effect.
     */
    public List<String> notices() {
        var notices = new ArrayList<>(RetiredSetting.notices(environment));
        PostgresConfig.notice(this).ifPresent(notices::add);
        return notices;
    }

    private void read(Setting setting) {
        if (!setting.isSecret()) {
            environment.get(setting.name()).ifPresent(value -> accept(setting, value));
            return;
        }
        String file = setting + FILE_SUFFIX;
        if (environment.isOption(setting.name()) || environment.get(file).isEmpty()) {
            environment.get(setting.name()).ifPresent(value -> accept(setting, value));
        } else if (environment.get(setting.name()).isPresent()) {
            problems.add("%s (from %s) and %s (from %s) are both given; take one away"
                    .formatted(setting, environment.originOf(setting.name()), file, environment.originOf(file)));
        } else {
            environment.get(file).flatMap(path -> contentOf(file, path)).ifPresent(value -> accept(setting, value));
        }
    }

    private void accept(Setting setting, String value) {
        setting.problemWith(value)
                .ifPresentOrElse(
                        problem -> problems.add(setting + " " + problem + ", not \""
                                + setting.type().masked(value) + "\" (from " + environment.originOf(setting.name())
                                + ")"),
                        () -> given.put(setting, value));
    }

    private Optional<String> contentOf(String file, String path) {
        try {
            // Editors and echo end a file with a line break that is not part of the secret; anything else may be part
            // of it.
            String content = Files.readString(Path.of(path)).replaceFirst("\\R\\z", "");
            if (!content.isEmpty()) {
                return Optional.of(content);
            }
            problems.add(file + " names \"" + path + "\", which is empty");
        } catch (IOException | InvalidPathException e) {
            problems.add(file + " names \"" + path + "\", which cannot be read ("
                    + e.getClass().getSimpleName() + ")");
        }
        return Optional.empty();
    }

    private void refuseUnknownNames() {
        environment.names().stream()
                .filter(name -> name.startsWith(OWN_PREFIX) && !name.startsWith(TEST_PREFIX))
                .filter(name -> Setting.named(name).isEmpty())
                .forEach(name ->
                        problems.add(name + " is not a setting of pgsync (from " + environment.originOf(name) + ")"));
    }

    private void refuseOtherSystems() {
        if (required(Setting.PG_DRIVER).equals("pymysql")) {
            problems.add("PG_DRIVER is pymysql, but PostgreSQL is the only source");
        }
        boolean both = isGiven(Setting.OPENSEARCH) && isGiven(Setting.ELASTICSEARCH);
        if (both && flag(Setting.OPENSEARCH) == flag(Setting.ELASTICSEARCH)) {
            problems.add("OPENSEARCH and ELASTICSEARCH are both " + flag(Setting.OPENSEARCH)
                    + ", but the search engine is one of them; leave both out, and pgsync asks the engine");
        }
        if (flag(Setting.OPENSEARCH_AWS_SERVERLESS)) {
            problems.add(Setting.OPENSEARCH_AWS_SERVERLESS + " is given, but it stands for "
                    + ElasticsearchSettings.WITHOUT_SERVERS);
        }
        if (isGiven(Setting.S3_SCHEMA_URL)) {
            problems.add(
                    "S3_SCHEMA_URL is given, but S3 is not read; use --config, or --schema_url with a signed address");
        }
    }

    /** Checks the addresses here, so that their problems are reported together with all others. */
    private void refuseUnusableAddresses() {
        collect(() -> ElasticsearchConfig.from(this));
        if (isGiven(Setting.PG_URL)) {
            collect(() -> PostgresConfig.from(this, "any"));
        }
        if (isGiven(Setting.PG_URL_RO)) {
            collect(() -> PostgresConfig.replicas(this, "any"));
        }
    }

    private void collect(Runnable check) {
        try {
            check.run();
        } catch (ConfigurationException e) {
            problems.addAll(e.problems());
        }
    }
}
