package io.pgsync.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.elasticsearch.Authentication;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"OPENSEARCH_AWS_HOSTED", "ELASTICSEARCH_AWS_HOSTED"})
    void signsForAmazonIfAsked(String name) {
        ElasticsearchSettings config = from(Map.of(name, "true", "ELASTICSEARCH_AWS_REGION", "eu-west-1"));

        assertThat(config.authentication()).isInstanceOf(Authentication.Signed.class);
    }

    @Test
    void doesNotSignIfNobodyAsks() {
        ElasticsearchSettings config =
                from(Map.of("OPENSEARCH_AWS_HOSTED", "false", "ELASTICSEARCH_AWS_REGION", "eu-west-1"));

        assertThat(config.authentication()).isEqualTo(new Authentication.None());
    }

    @Test
    void saysWhatIsMissingForSignatures() {
        assertThatThrownBy(() -> from(Map.of("OPENSEARCH_AWS_HOSTED", "true")))
                .hasMessageContaining("OPENSEARCH_AWS_HOSTED is given, but ELASTICSEARCH_AWS_REGION is not;");
    }

    @ParameterizedTest
    @CsvSource({
        "ELASTICSEARCH_URL,       http://elastic:secret@es:9201",
        "ELASTICSEARCH_API_KEY,   secret",
        "ELASTICSEARCH_HTTP_AUTH, 'elastic,secret'"
    })
    void refusesALoginBesideSignatures(String name, String value) {
        Map<String, String> variables =
                Map.of("OPENSEARCH_AWS_HOSTED", "true", "ELASTICSEARCH_AWS_REGION", "eu-west-1", name, value);

        assertThatThrownBy(() -> from(variables))
                .hasMessageContaining("but so is a login, by " + name)
                .hasMessageNotContaining("secret");
    }

    @Test
    void saysWhereTheJarBelongsThatSigns() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            assertThatThrownBy(() ->
                            from(Map.of("OPENSEARCH_AWS_HOSTED", "true", "ELASTICSEARCH_AWS_REGION", "eu-west-1")))
                    .hasMessageContaining("pgsync-aws.jar is missing; put it beside pgsync.jar");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static ElasticsearchSettings from(Map<String, String> variables) {
        return ElasticsearchConfig.from(Settings.read(Environment.of(variables)));
    }
}
