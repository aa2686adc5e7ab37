package io.pgsync.embedded.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.embedded.EmbeddedServerException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

class EmbeddedElasticsearchIT {

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void documentsAndPortSurviveStopAndKill() throws Exception {
        try (var server = EmbeddedElasticsearch.builder().start()) {
            var url = server.url();
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

    @Test
    void securedServerWantsItsUserAndItsCertificate() throws Exception {
        try (var server = EmbeddedElasticsearch.builder().secured().start()) {
            var login = server.login().orElseThrow();
            var trusting = HttpClient.newBuilder()
                    .sslContext(trust(server.certificate().orElseThrow()))
                    .build();

            assertThat(server.url().getScheme()).isEqualTo("https");
            assertThat(status(trusting, server, login.user() + ":" + login.password()))
                    .isEqualTo(200);
            assertThat(status(trusting, server, login.user() + ":wrong")).isEqualTo(401);
            assertThatThrownBy(() -> status(client, server, "")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aClusterGoesOnWithoutOneOfItsNodes() throws Exception {
        try (var cluster = EmbeddedElasticsearch.builder().startCluster(3)) {
            var first = cluster.nodes().get(0);
            var last = cluster.nodes().get(2);
            assertThat(get(first, "/_cluster/health").body()).contains("\"number_of_nodes\":3");

            last.kill();

            assertThat(get(first, "/_cluster/health?wait_for_nodes=2&timeout=60s")
                            .body())
                    .contains("\"timed_out\":false");
            last.start();
            assertThat(get(last, "/_cluster/health").body()).contains("\"number_of_nodes\":3");
        }
    }

    @Test
    void aServerThatCannotStartSaysWhy() {
        var builder = EmbeddedElasticsearch.builder().setting("no.such.setting", "1");

        assertThatThrownBy(builder::start)
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("no.such.setting");
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

    private static int status(HttpClient client, ElasticsearchServer server, String credentials) throws Exception {
        var request = HttpRequest.newBuilder(server.url().resolve("/_cluster/health"))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes()))
                .build();
        return client.send(request, BodyHandlers.discarding()).statusCode();
    }

    private static SSLContext trust(Path certificate) throws Exception {
        try (var pem = Files.newInputStream(certificate)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        }
    }
}
