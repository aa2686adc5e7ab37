package io.pgsync.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.failure.SyncException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElasticsearchSettingsTest {
    @Test
    void urlsAreReadAndTheirCredentialsTakenOut() {
        var settings = ElasticsearchSettings.of("https://el%40stic:p%3A+w@one:9200/es/, http://two/es");

        assertThat(settings.urls())
                .containsExactly(URI.create("https://one:9200/es"), URI.create("http://two:9200/es"));
        assertThat(settings.authentication()).isEqualTo(new Authentication.Basic("el@stic", "p:+w"));
    }

    @Test
    void secretsAreNeverPrinted() {
        var settings = ElasticsearchSettings.of("http://user:hush@one:9200");

        assertThat(settings.toString()).contains("user").doesNotContain("hush");
        assertThat(new Authentication.ApiKey("hush").toString()).doesNotContain("hush");
        assertThat(new Authentication.Bearer("hush").toString()).doesNotContain("hush");
    }

    @Test
    void anUnreadableUrlIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> ElasticsearchSettings.of("http://user:hu sh@one:9200"))
                .isInstanceOf(SyncException.class)
                .hasMessageNotContaining("hu sh")
                .hasNoCause();
        assertThatThrownBy(() -> ElasticsearchSettings.of("one:9200")).isInstanceOf(SyncException.class);
        assertThatThrownBy(() -> ElasticsearchSettings.of(" ")).isInstanceOf(SyncException.class);
    }

    @Test
    void urlsOfDifferentPathsAreRefused() {
        assertThatThrownBy(() -> ElasticsearchSettings.of("http://one:9200,http://two:9200/es"))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("same path");
        assertThat(ElasticsearchSettings.of("http://one:9200,http://two:9200/").urls())
                .containsExactly(URI.create("http://one:9200"), URI.create("http://two:9200"));
    }

    @Test
    void headersAreThoseOfTheEngine() {
        assertThat(new Authentication.Basic("a", "b").header()).contains("Basic YTpi");
        assertThat(Authentication.ApiKey.of("a", "b").header()).contains("ApiKey YTpi");
        assertThat(new Authentication.Bearer("t").header()).contains("Bearer t");
    }

    @Test
    void theDefaultsAre() {
        assertThat(BulkSettings.DEFAULT).isEqualTo(new BulkSettings(1_000, 5 * 1024 * 1024));
        assertThat(ConnectionSettings.DEFAULT)
                .isEqualTo(new ConnectionSettings(Duration.ofSeconds(5), Duration.ofSeconds(60), 10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://x1y2.eu-west-1.aoss.amazonaws.com",
                "https://x1y2.aoss.eu-west-1.on.aws",
                "https://X1Y2.EU-WEST-1.AOSS.AMAZONAWS.COM:443"
            })
    void aServiceWithoutServersIsRefusedByName(String url) {
        assertThatThrownBy(() -> ElasticsearchSettings.of(url))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("Amazon OpenSearch Serverless");
    }

    @Test
    void aManagedDomainIsNotOneOfThem() {
        assertThat(ElasticsearchSettings.of("https://search-aoss-1.eu-west-1.es.amazonaws.com")
                        .urls())
                .hasSize(1);
    }
}
