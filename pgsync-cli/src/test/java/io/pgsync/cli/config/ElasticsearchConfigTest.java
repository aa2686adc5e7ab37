package io.pgsync.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.elasticsearch.Authentication;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ElasticsearchConfigTest {
    @Test
    void putsTheAddressTogetherFromItsParts() {
        ElasticsearchSettings config = from(Map.of("ELASTICSEARCH_SCHEME", "https", "ELASTICSEARCH_HOST", "es"));

        assertThat(config.urls()).containsExactly(URI.create("https://es:9200"));
        assertThat(config.authentication()).isEqualTo(new Authentication.None());
    }

    @Test
    void takesTheLoginOutOfTheUrl() {
        ElasticsearchSettings config = from(Map.of("ELASTICSEARCH_URL", "http://elastic:p%40ss@es:9201/prefix"));

        assertThat(config.urls()).containsExactly(URI.create("http://es:9201/prefix"));
        assertThat(config.authentication()).isEqualTo(new Authentication.Basic("elastic", "p@ss"));
        assertThat(config.toString()).doesNotContain("p@ss");
    }

    @Test
    void encodesAnApiKeyWithItsId() {
        ElasticsearchSettings config = from(Map.of("ELASTICSEARCH_API_KEY", "key", "ELASTICSEARCH_API_KEY_ID", "id"));

        assertThat(config.authentication()).isEqualTo(new Authentication.ApiKey("aWQ6a2V5"));
    }

    @Test
    void knowsUserAndPasswordInTheirManySpellings() {
        var login = new Authentication.Basic("u", "p");

        assertThat(from(Map.of("ELASTICSEARCH_USER", "u", "ELASTICSEARCH_PASSWORD", "p"))
                        .authentication())
                .isEqualTo(login);
        assertThat(from(Map.of("ELASTICSEARCH_HTTP_AUTH", "u,p")).authentication())
                .isEqualTo(login);
        assertThat(from(Map.of("ELASTICSEARCH_BASIC_AUTH", "u:p")).authentication())
                .isEqualTo(login);
    }

    @Test
    void refusesAnAddressThatIsNotHttp() {
        assertThatThrownBy(() -> from(Map.of("ELASTICSEARCH_URL", "es:9200")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("ELASTICSEARCH_URL");
    }

    private static ElasticsearchSettings from(Map<String, String> variables) {
        return ElasticsearchConfig.from(Settings.read(Environment.of(variables)));
    }
}
