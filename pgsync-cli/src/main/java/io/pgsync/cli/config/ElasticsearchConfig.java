package io.pgsync.cli.config;

import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.Authentication;
import io.pgsync.elasticsearch.BulkSettings;
import io.pgsync.elasticsearch.ConnectionSettings;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import io.pgsync.elasticsearch.EngineKind;
import io.pgsync.elasticsearch.TlsSettings;
import io.pgsync.elasticsearch.TlsSettings.ClientCertificate;
import java.util.List;
import java.util.Optional;

/** Reads from the settings where the search engine is and how to log in. */
public final class ElasticsearchConfig {
    private ElasticsearchConfig() {}

    /**
     * If ELASTICSEARCH_URL is set it gives the address, or several nodes separated by commas; otherwise the single
     * variables do.
     */
    public static ElasticsearchSettings from(Settings settings) {
        ElasticsearchSettings address = parse(settings);
        ElasticsearchSettings expecting =
                expected(settings).map(address::withExpected).orElse(address);
        return expecting
                .withAuthentication(SignedRequests.of(settings, address.authentication())
                        .orElseGet(() -> authentication(settings, address.authentication())))
                .withTls(tls(settings))
                .withConnections(new ConnectionSettings(
                        ConnectionSettings.DEFAULT.connectTimeout(),
                        settings.duration(Setting.ELASTICSEARCH_TIMEOUT),
                        ConnectionSettings.DEFAULT.maxConnections()))
                .withBulk(new BulkSettings(
                        settings.integer(Setting.ELASTICSEARCH_CHUNK_SIZE),
                        settings.integer(Setting.ELASTICSEARCH_MAX_CHUNK_BYTES)));
    }

    /** The kind that the settings ask for; empty if they do not, and then every kind is accepted. */
    private static Optional<EngineKind> expected(Settings settings) {
        if (settings.flag(Setting.OPENSEARCH) || !settings.flag(Setting.ELASTICSEARCH)) {
            return Optional.of(EngineKind.OPENSEARCH);
        }
        return settings.isGiven(Setting.ELASTICSEARCH) ? Optional.of(EngineKind.ELASTICSEARCH) : Optional.empty();
    }

    private static ElasticsearchSettings parse(Settings settings) {
        String urls = settings.text(Setting.ELASTICSEARCH_URL).orElseGet(() -> addressOfParts(settings));
        try {
            return ElasticsearchSettings.of(urls);
        } catch (SyncException e) {
            throw new ConfigurationException(List.of("ELASTICSEARCH_URL: " + e.getMessage()));
        }
    }

    private static String addressOfParts(Settings settings) {
        return settings.required(Setting.ELASTICSEARCH_SCHEME)
                + "://"
                + settings.required(Setting.ELASTICSEARCH_HOST)
                + ":"
                + settings.integer(Setting.ELASTICSEARCH_PORT);
    }

    /** PGSync's variables can name a login in many ways; the most specific one that is given wins. */
    private static Authentication authentication(Settings settings, Authentication ofUrl) {
        return apiKey(settings)
                .or(() -> settings.text(Setting.ELASTICSEARCH_BEARER_AUTH).map(Authentication.Bearer::new))
                .or(() -> ofUrl instanceof Authentication.None ? Optional.empty() : Optional.of(ofUrl))
                .or(() -> login(settings, Setting.ELASTICSEARCH_BASIC_AUTH))
                .or(() -> login(settings, Setting.ELASTICSEARCH_HTTP_AUTH))
                .or(() -> userAndPassword(settings))
                .orElse(ofUrl);
    }

    private static Optional<Authentication> apiKey(Settings settings) {
        return settings.text(Setting.ELASTICSEARCH_API_KEY)
                .map(key -> settings.text(Setting.ELASTICSEARCH_API_KEY_ID)
                        .map(id -> Authentication.ApiKey.of(id, key))
                        .orElseGet(() -> new Authentication.ApiKey(key)));
    }

    private static Optional<Authentication> login(Settings settings, Setting setting) {
        return settings.text(setting).map(text -> {
            String[] parts = text.split("[,:]", 2);
            if (parts.length < 2) {
                throw new ConfigurationException(List.of(setting + " must be of the form user,password"));
            }
            return new Authentication.Basic(parts[0].strip(), parts[1].strip());
        });
    }

    private static Optional<Authentication> userAndPassword(Settings settings) {
        return settings.text(Setting.ELASTICSEARCH_USER)
                .flatMap(user -> settings.text(Setting.ELASTICSEARCH_PASSWORD)
                        .map(password -> new Authentication.Basic(user, password)));
    }

    private static TlsSettings tls(Settings settings) {
        Optional<ClientCertificate> client = settings.file(Setting.ELASTICSEARCH_CLIENT_CERT)
                .map(certificate -> new ClientCertificate(
                        certificate,
                        settings.file(Setting.ELASTICSEARCH_CLIENT_KEY)
                                .orElseThrow(() -> new ConfigurationException(
                                        List.of("ELASTICSEARCH_CLIENT_CERT needs ELASTICSEARCH_CLIENT_KEY")))));
        return new TlsSettings(
                settings.file(Setting.ELASTICSEARCH_CA_CERTS),
                settings.text(Setting.ELASTICSEARCH_SSL_ASSERT_FINGERPRINT),
                client,
                settings.flag(Setting.ELASTICSEARCH_VERIFY_CERTS));
    }
}
