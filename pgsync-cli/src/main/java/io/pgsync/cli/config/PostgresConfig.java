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
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads from the settings where PostgreSQL is; the database comes from the schema file. */
public final class PostgresConfig {
    private static final int DEFAULT_PORT = 5432;
    private static final List<String> URL_PARAMETERS = List.of("sslmode", "sslrootcert");

    private static final Pattern BETWEEN_URLS = Pattern.compile(",(?=\\s*\\w+(\\+\\w+)?://)");

    private PostgresConfig() {}

    /** If PG_URL is set it gives everything; otherwise the single variables do. */
    public static PostgresSettings from(Settings settings, String database) {
        return settings.text(Setting.PG_URL)
                .map(url -> fromUrl(Setting.PG_URL, url, database))
                .orElseGet(() -> fromParts(settings, database));
    }

    /** The standbys to read documents from. PG_URL_RO may name several; what the single variables leave out is as on the primary. */
    public static List<PostgresSettings> replicas(Settings settings, String database) {
        Optional<String> urls = settings.text(Setting.PG_URL_RO);
        if (urls.isPresent()) {
            return BETWEEN_URLS
                    .splitAsStream(urls.get())
                    .map(url -> fromUrl(Setting.PG_URL_RO, url.strip(), database))
                    .toList();
        }
        return settings.isGiven(Setting.PG_HOST_RO) || settings.isGiven(Setting.PG_PORT_RO)
                ? List.of(besides(from(settings, database), settings))
                : List.of();
    }

    private static PostgresSettings besides(PostgresSettings primary, Settings settings) {
        return new PostgresSettings(
                settings.text(Setting.PG_HOST_RO).orElse(primary.host()),
                settings.isGiven(Setting.PG_PORT_RO) ? settings.integer(Setting.PG_PORT_RO) : primary.port(),
                primary.database(),
                settings.text(Setting.PG_USER_RO).orElse(primary.user()),
                settings.text(Setting.PG_PASSWORD_RO).orElse(primary.password()),
                settings.text(Setting.PG_SSLMODE_RO)
                        .map(mode -> sslMode(Setting.PG_SSLMODE_RO, Optional.of(mode)))
                        .orElse(primary.sslMode()),
                settings.file(Setting.PG_SSLROOTCERT_RO).or(primary::rootCertificate),
                PostgresSettings.DEFAULT_APPLICATION_NAME);
    }

    /** A line on the parameters of PG_URL that have no effect. */
    static Optional<String> notice(Settings settings) {
        List<String> idle = settings.text(Setting.PG_URL).stream()
                .flatMap(url -> parameters(parse(Setting.PG_URL, url)).keySet().stream())
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
                sslMode(Setting.PG_SSLMODE, settings.text(Setting.PG_SSLMODE)),
                settings.file(Setting.PG_SSLROOTCERT),
                PostgresSettings.DEFAULT_APPLICATION_NAME);
    }

    private static PostgresSettings fromUrl(Setting setting, String text, String database) {
        URI url = parse(setting, text);
        String[] login = url.getRawUserInfo().split(":", 2);
        Map<String, String> parameters = parameters(url);
        return new PostgresSettings(
                url.getHost(),
                url.getPort() < 0 ? DEFAULT_PORT : url.getPort(),
                database,
                UrlText.decode(login[0]),
                login.length == 2 ? UrlText.decode(login[1]) : "",
                sslMode(setting, Optional.ofNullable(parameters.get("sslmode"))),
                Optional.ofNullable(parameters.get("sslrootcert")).map(file -> readable(setting, file)),
                PostgresSettings.DEFAULT_APPLICATION_NAME);
    }

    // SQLAlchemy's form names the driver as well: postgresql+psycopg2://user:password@host/database
    private static URI parse(Setting setting, String url) {
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
        throw new ConfigurationException(List.of(setting
                + " must look like postgresql://user:password@host:5432, special characters percent-encoded, not \""
                + UrlText.refused(url) + "\""));
    }

    private static Map<String, String> parameters(URI url) {
        return Optional.ofNullable(url.getRawQuery()).stream()
                .flatMap(query -> Arrays.stream(query.split("&", -1)))
                .map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> UrlText.decode(pair[1]), (first, second) -> second));
    }

    private static Path readable(Setting setting, String file) {
        ValueType.FILE.problemWith(file).ifPresent(problem -> {
            throw new ConfigurationException(List.of(setting + ": sslrootcert " + problem + ", not \"" + file + "\""));
        });
        return Path.of(file);
    }

    private static SslMode sslMode(Setting setting, Optional<String> mode) {
        try {
            return mode.map(text -> SslMode.parse(text.toLowerCase(Locale.ROOT)))
                    .orElse(SslMode.PREFER);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(List.of(setting + ": " + e.getMessage()));
        }
    }
}
