package io.pgsync.cli.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How to reach Elasticsearch. {@code address} carries no user and no password. */
public record ElasticsearchConfig(URI address, Credentials credentials, Tls tls, boolean compress, Duration timeout) {

    /** How requests prove who sends them. Never shown. */
    public sealed interface Credentials {
        record None() implements Credentials {}

        record Basic(String user, String password) implements Credentials {
            @Override
            public String toString() {
                return "Basic[" + user + "]";
            }
        }

        /** {@code encoded}: base64 of id and key. */
        record ApiKey(String encoded) implements Credentials {
            @Override
            public String toString() {
                return "ApiKey[]";
            }
        }

        record Bearer(String token) implements Credentials {
            @Override
            public String toString() {
                return "Bearer[]";
            }
        }
    }

    /** What is checked of the server's certificate, and our own. */
    public record Tls(
            boolean verify,
            Optional<Path> caCertificate,
            Optional<String> fingerprint,
            Optional<Path> clientCertificate,
            Optional<Path> clientKey) {}

    /** ELASTICSEARCH_URL names the address if it is set; else the single variables do. */
    public static ElasticsearchConfig from(Settings settings) {
        URI url = parse(settings.text(Setting.ELASTICSEARCH_URL).orElseGet(() -> addressOfParts(settings)));
        return new ElasticsearchConfig(
                withoutLogin(url),
                ElasticsearchCredentials.from(settings, Optional.ofNullable(url.getRawUserInfo())),
                tls(settings),
                settings.flag(Setting.ELASTICSEARCH_HTTP_COMPRESS),
                settings.duration(Setting.ELASTICSEARCH_TIMEOUT));
    }

    private static String addressOfParts(Settings settings) {
        return settings.required(Setting.ELASTICSEARCH_SCHEME)
                + "://"
                + settings.required(Setting.ELASTICSEARCH_HOST)
                + ":"
                + settings.integer(Setting.ELASTICSEARCH_PORT);
    }

    private static URI parse(String url) {
        try {
            URI parsed = URI.create(url);
            boolean http = "http".equals(parsed.getScheme()) || "https".equals(parsed.getScheme());
            if (http && parsed.getHost() != null) {
                return parsed;
            }
        } catch (IllegalArgumentException e) {
            // Its message repeats the whole URL, so the password too: ours says the same without it.
        }
        throw new ConfigurationException(
                List.of("ELASTICSEARCH_URL must look like https://user:password@host:9200, special characters"
                        + " percent-encoded, not \"" + UrlText.withoutPassword(url) + "\""));
    }

    private static URI withoutLogin(URI url) {
        String path = Optional.ofNullable(url.getRawPath()).orElse("");
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return URI.create(url.getScheme() + "://" + url.getHost() + port + path);
    }

    private static Tls tls(Settings settings) {
        return new Tls(
                settings.flag(Setting.ELASTICSEARCH_VERIFY_CERTS),
                settings.file(Setting.ELASTICSEARCH_CA_CERTS),
                settings.text(Setting.ELASTICSEARCH_SSL_ASSERT_FINGERPRINT),
                settings.file(Setting.ELASTICSEARCH_CLIENT_CERT),
                settings.file(Setting.ELASTICSEARCH_CLIENT_KEY));
    }
}
