package io.pgsync.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.cli.config.ElasticsearchConfig.Credentials;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ElasticsearchConfigTest {
    @Test
    void putsTheAddressTogetherFromItsParts() {
        ElasticsearchConfig config = from(Map.of("ELASTICSEARCH_SCHEME", "https", "ELASTICSEARCH_HOST", "es"));

        assertThat(config.address()).hasToString("https://es:9200");
        assertThat(config.credentials()).isEqualTo(new Credentials.None());
    }

    @Test
    void takesTheLoginOutOfTheUrl() {
        ElasticsearchConfig config = from(Map.of("ELASTICSEARCH_URL", "http://elastic:p%40ss@es:9201/prefix"));

        assertThat(config.address()).hasToString("http://es:9201/prefix");
        assertThat(config.credentials()).isEqualTo(new Credentials.Basic("elastic", "p@ss"));
        assertThat(config.toString()).doesNotContain("p@ss");
    }

    @Test
    void encodesAnApiKeyWithItsId() {
        ElasticsearchConfig config = from(Map.of("ELASTICSEARCH_API_KEY", "key", "ELASTICSEARCH_API_KEY_ID", "id"));

        assertThat(config.credentials()).isEqualTo(new Credentials.ApiKey("aWQ6a2V5"));
    }

    @Test
    void knowsUserAndPasswordInTheirManySpellings() {
        var login = new Credentials.Basic("u", "p");

        assertThat(from(Map.of("ELASTICSEARCH_USER", "u", "ELASTICSEARCH_PASSWORD", "p"))
                        .credentials())
                .isEqualTo(login);
        assertThat(from(Map.of("ELASTICSEARCH_HTTP_AUTH", "u,p")).credentials()).isEqualTo(login);
        assertThat(from(Map.of("ELASTICSEARCH_BASIC_AUTH", "u:p")).credentials())
                .isEqualTo(login);
    }

    @Test
    void refusesAnAddressThatIsNotHttp() {
        assertThatThrownBy(() -> from(Map.of("ELASTICSEARCH_URL", "es:9200")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("ELASTICSEARCH_URL must look like");
    }

    private static ElasticsearchConfig from(Map<String, String> variables) {
        return ElasticsearchConfig.from(Settings.read(Environment.of(variables)));
    }
}
