package io.pgsync.embedded.elasticsearch;

import io.pgsync.embedded.EmbeddedServerException;
import io.pgsync.embedded.ServerCertificate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Asks a starting node whether it serves requests, including those for indexes that it already had. GET / cannot be
 * used: the distribution answers it with 405.
 */
final class HealthProbe {

    // Answers 408 while the primary shards are still being recovered.
    private static final String READY = "/_cluster/health?wait_for_status=yellow&timeout=1s";

    private final HttpClient client;
    private final HttpRequest request;

    HealthProbe(URI server, Optional<ElasticsearchServer.Login> login, Optional<ServerCertificate> certificate) {
        var clientBuilder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1));
        certificate.map(HealthProbe::tls).ifPresent(clientBuilder::sslContext);
        this.client = clientBuilder.build();
        var requestBuilder = HttpRequest.newBuilder(server.resolve(READY)).timeout(Duration.ofSeconds(5));
        login.map(HealthProbe::basic).ifPresent(value -> requestBuilder.header("Authorization", value));
        this.request = requestBuilder.build();
    }

    boolean isReady() {
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("Interrupted while the search engine starts", e);
        }
    }

    private static String basic(ElasticsearchServer.Login login) {
        var credentials = (login.user() + ":" + login.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    /** Trusts the server's certificate, and also presents it if the server asks for one. */
    private static SSLContext tls(ServerCertificate own) {
        try {
            char[] password = own.storePassword().toCharArray();
            var store = KeyStore.getInstance(own.store().toFile(), password);
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "own", store.getCertificate(store.aliases().nextElement()));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new EmbeddedServerException("Cannot use the certificate " + own.store(), e);
        }
    }
}
