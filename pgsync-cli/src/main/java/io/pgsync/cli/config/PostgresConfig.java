package io.pgsync.cli.config;

import io.pgsync.replication.connection.PostgresSettings;
import io.pgsync.replication.connection.SslMode;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads from the settings where PostgreSQL is; the database comes from the schema file. */
public final class PostgresConfig {
    private static final int DEFAULT_PORT = 5432;
    private static final List<String> URL_PARAMETERS = List.of("sslmode", "sslrootcert");

    private PostgresConfig() {}

    /** If PG_URL is set it gives everything; otherwise the single variables do. */
    public static PostgresSettings from(Settings settings, String database) {
        return settings.text(Setting.PG_URL)
                .map(url -> fromUrl(parse(url), database))
                .orElseGet(() -> fromParts(settings, database));
    }

    /** A line on the parameters of PG_URL that have no effect. */
    static Optional<String> notice(Settings settings) {
        List<String> idle = settings.text(Setting.PG_URL).stream()
                .flatMap(url -> parameters(parse(url)).keySet().stream())
                .filter(name -> !URL_PARAMETERS.contains(name))
                .sorted()
                .toList();
        return Optional.of(idle)
                .filter(names -> !names.isEmpty())
                .map(names -> "PG_URL: %s: no effect here; of its parameters %s have one"
                        .formatted(String.join(", ", names), String.join(" and ", URL_PARAMETERS)));
    }

    private static PostgresSettings fromParts(Settings settings, String database) {
        String user = settings.text(Setting.PG_USER)
                .orElseThrow(
                        () -> new ConfigurationException(
                                List.of(
                                        "PG_USER is not set: name the database user in it, in a .env file or with --user, or give PG_URL")));
        return new PostgresSettings(
                settings.required(Setting.PG_HOST),
                settings.integer(Setting.PG_PORT),
                database,
                user,
                settings.text(Setting.PG_PASSWORD).orElse(""),
                sslMode(settings.text(Setting.PG_SSLMODE)),
                settings.file(Setting.PG_SSLROOTCERT),
                PostgresSettings.DEFAULT_APPLICATION_NAME);
    }

    private static PostgresSettings fromUrl(URI url, String database) {
        String[] login = url.getRawUserInfo().split(":", 2);
        Map<String, String> parameters = parameters(url);
        return new PostgresSettings(
                url.getHost(),
                url.getPort() < 0 ? DEFAULT_PORT : url.getPort(),
                database,
                UrlText.decode(login[0]),
                login.length == 2 ? UrlText.decode(login[1]) : "",
                sslMode(Optional.ofNullable(parameters.get("sslmode"))),
                Optional.ofNullable(parameters.get("sslrootcert")).map(PostgresConfig::readable),
                PostgresSettings.DEFAULT_APPLICATION_NAME);
    }

    // SQLAlchemy's form names the driver as well: postgresql+psycopg2://user:password@host/database
    private static URI parse(String url) {
        try {
            URI parsed = URI.create(url);
            boolean usable = parsed.getScheme() != null
                    && parsed.getScheme().matches("postgres(ql)?(\\+\\w+)?")
                    && parsed.getHost() != null
                    && parsed.getPort() <= 65_535
                    && parsed.getRawUserInfo() != null;
            if (usable) {
                return parsed;
            }
        } catch (IllegalArgumentException e) {
            // Its message repeats the whole URL with the password; ours says the same without it.
        }
        throw new ConfigurationException(List.of(
                "PG_URL must look like postgresql://user:password@host:5432, special characters percent-encoded, not \""
                        + UrlText.refused(url) + "\""));
    }

    private static Map<String, String> parameters(URI url) {
        return Optional.ofNullable(url.getRawQuery()).stream()
                .flatMap(query -> Arrays.stream(query.split("&", -1)))
                .map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> UrlText.decode(pair[1]), (first, second) -> second));
    }

    private static Path readable(String file) {
        ValueType.FILE.problemWith(file).ifPresent(problem -> {
            throw new ConfigurationException(List.of("PG_URL: sslrootcert " + problem + ", not \"" + file + "\""));
        });
        return Path.of(file);
    }

    private static SslMode sslMode(Optional<String> mode) {
        try {
            return mode.map(text -> SslMode.parse(text.toLowerCase(Locale.ROOT)))
                    .orElse(SslMode.PREFER);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(List.of("PG_URL: " + e.getMessage()));
        }
    }
}
