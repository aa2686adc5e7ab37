package io.pgsync.embedded.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class EmbeddedOpenSearchIT {

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void isAnOpenSearchWhoseDocumentsAndPortSurviveStopAndKill() throws Exception {
        try (var server = EmbeddedOpenSearch.builder().start()) {
            var url = server.url();
            assertThat(get(server, "/").body()).contains("\"distribution\" : \"opensearch\"");
            assertThat(put(server, "/book/_doc/1", "{\"title\":\"Dune\"}").statusCode())
                    .isEqualTo(201);

            server.stop();
            assertThat(server.isRunning()).isFalse();
            assertThatThrownBy(() -> get(server, "/book/_doc/1")).isInstanceOf(ConnectException.class);
            server.start();
            assertThat(get(server, "/book/_doc/1").body()).contains("Dune");
            server.kill();
            server.start();

            assertThat(get(server, "/book/_doc/1").body()).contains("Dune");
            assertThat(server.url()).isEqualTo(url);
        }
    }

    private HttpResponse<String> put(ElasticsearchServer server, String path, String json) throws Exception {
        var request = HttpRequest.newBuilder(server.url().resolve(path))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private HttpResponse<String> get(ElasticsearchServer server, String path) throws Exception {
        return client.send(HttpRequest.newBuilder(server.url().resolve(path)).build(), BodyHandlers.ofString());
    }
}
