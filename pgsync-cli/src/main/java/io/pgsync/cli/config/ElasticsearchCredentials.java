package io.pgsync.cli.config;

import io.pgsync.cli.config.ElasticsearchConfig.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Chooses among the many ways in which PGSync's variables can name a login: the most specific one that is given wins. */
final class ElasticsearchCredentials {
    private ElasticsearchCredentials() {}

    static Credentials from(Settings settings, Optional<String> userInfoOfUrl) {
        return apiKey(settings)
                .or(() -> settings.text(Setting.ELASTICSEARCH_BEARER_AUTH).map(Credentials.Bearer::new))
                .or(() -> userInfoOfUrl.map(ElasticsearchCredentials::userInfo))
                .or(() -> pair(settings, Setting.ELASTICSEARCH_BASIC_AUTH, "[,:]"))
                .or(() -> pair(settings, Setting.ELASTICSEARCH_HTTP_AUTH, ","))
                .or(() -> userAndPassword(settings))
                .orElseGet(Credentials.None::new);
    }

    private static Optional<Credentials> apiKey(Settings settings) {
        return settings.text(Setting.ELASTICSEARCH_API_KEY)
                .map(key -> settings.text(Setting.ELASTICSEARCH_API_KEY_ID)
                        .map(id -> encode(id + ":" + key))
                        .orElse(key))
                .map(Credentials.ApiKey::new);
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Credentials userInfo(String userInfo) {
        String[] parts = userInfo.split(":", 2);
        return new Credentials.Basic(UrlText.decode(parts[0]), parts.length == 2 ? UrlText.decode(parts[1]) : "");
    }

    private static Optional<Credentials> pair(Settings settings, Setting setting, String separator) {
        return settings.text(setting).map(text -> {
            String[] parts = text.split(separator, 2);
            if (parts.length < 2) {
                throw new ConfigurationException(List.of(setting + " must be of the form user,password"));
            }
            return new Credentials.Basic(parts[0].strip(), parts[1].strip());
        });
    }

    private static Optional<Credentials> userAndPassword(Settings settings) {
        return settings.text(Setting.ELASTICSEARCH_USER)
                .flatMap(user -> settings.text(Setting.ELASTICSEARCH_PASSWORD)
                        .map(password -> new Credentials.Basic(user, password)));
    }
}
