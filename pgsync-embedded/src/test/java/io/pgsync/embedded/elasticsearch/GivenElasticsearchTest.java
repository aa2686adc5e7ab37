package io.pgsync.embedded.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class GivenElasticsearchTest {

    @Test
    void takesTheCredentialsOutOfTheUrl() {
        var server = GivenElasticsearch.at(URI.create("https://admin:secret@search.example:9243/"));

        assertThat(server.url()).isEqualTo(URI.create("https://search.example:9243"));
        assertThat(server.login()).contains(new ElasticsearchServer.Login("admin", "secret"));
        assertThat(server.toString()).doesNotContain("secret");
    }

    @Test
    void needsNoCredentials() {
        assertThat(GivenElasticsearch.at(URI.create("http://localhost:9200")).login())
                .isEmpty();
    }

    @Test
    void indexNamesAreNeverRepeated() {
        var server = GivenElasticsearch.at(URI.create("http://localhost:9200"));

        assertThat(server.freshIndexName("book")).startsWith("book-").isNotEqualTo(server.freshIndexName("book"));
    }
}
