package io.pgsync.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.embedded.elasticsearch.ElasticsearchServer.Login;
import io.pgsync.embedded.elasticsearch.EmbeddedElasticsearch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class ElasticsearchConnectionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static EmbeddedElasticsearch server;

    private final Scheduler scheduler = Schedulers.newParallel("engine", 1);

    @BeforeAll
    static void start() {
        server = EmbeddedElasticsearch.builder().secured().start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void dispose() {
        scheduler.dispose();
    }

    @Test
    void theCertificateOfTheAuthorityOpensTheDoor() {
        check(trusting(authorities()));
    }

    @Test
    void theFingerprintOfTheCertificateOpensTheDoor() throws Exception {
        check(trusting(new TlsSettings(Optional.empty(), Optional.of(fingerprint()), Optional.empty(), true)));
    }

    @Test
    void withoutVerificationAnyCertificateDoes() {
        check(trusting(new TlsSettings(Optional.empty(), Optional.empty(), Optional.empty(), false)));
    }

    @Test
    void anotherFingerprintStops() {
        var wrong = new TlsSettings(Optional.empty(), Optional.of("AB:".repeat(31) + "AB"), Optional.empty(), true);

        assertThatThrownBy(() -> check(trusting(wrong)))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining("fingerprint AB:AB");
    }

    @Test
    void anUnknownCertificateStops() {
        assertThatThrownBy(() -> check(trusting(TlsSettings.DEFAULT)))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining("CA certificate");
    }

    @Test
    void aWrongPasswordStopsAndIsNotShown() {
        var settings = trusting(authorities()).withAuthentication(new Authentication.Basic("nobody", "hush-hush"));

        assertThatThrownBy(() -> check(settings))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining("status 401")
                .hasMessageContaining("search engine's user and password")
                .hasMessageNotContaining("hush-hush");
    }

    @Test
    void whatASecuredEngineRefusesIsItsOwnAnswer() {
        Login guest = server.guest().orElseThrow();

        assertThatThrownBy(() -> check(as(guest.user(), guest.password())))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining("status 403");
        assertThatThrownBy(() -> check(as(guest.user(), "wrong")))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining("status 401");
    }

    /** What a stranger says would be tried again. */
    private static ElasticsearchSettings as(String user, String password) {
        return trusting(authorities()).withAuthentication(new Authentication.Basic(user, password));
    }

    @Test
    void aPointInTimeThatIsGoneIsAskedForAgain() {
        try (var connection = ElasticsearchConnection.open(trusting(authorities()), scheduler)) {
            connection.json("create", new Request("PUT", "/lost")).block(PATIENCE);
            EngineKind kind = connection.kind().block(PATIENCE);
            String pit = connection
                    .json("open", kind.openPointInTime("lost", "1m"))
                    .block(PATIENCE)
                    .path(kind.pointInTimeField())
                    .asText();
            connection.json("close", kind.closePointInTime(pit)).block(PATIENCE);
            var search = new Request("POST", "/_search");
            search.setJsonEntity("{\"pit\":{\"id\":\"" + pit + "\"}}");

            assertThatThrownBy(() -> connection.json("search", search).block(PATIENCE))
                    .isInstanceOfSatisfying(
                            SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.RETRY));
        }
    }

    @Test
    void anEngineThatIsNotThereIsTriedAgain() {
        assertThatThrownBy(() -> check(ElasticsearchSettings.of("http://127.0.0.1:9")))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.RETRY))
                .hasMessageContaining("http://127.0.0.1:9")
                .hasMessageContaining("search engine's URL");
    }

    private void check(ElasticsearchSettings settings) {
        try (var connection = ElasticsearchConnection.open(settings, scheduler)) {
            connection.check().block(PATIENCE);
        }
    }

    private static ElasticsearchSettings trusting(TlsSettings tls) {
        Login login = server.login().orElseThrow();
        return ElasticsearchSettings.of(server.url().toString())
                .withAuthentication(new Authentication.Basic(login.user(), login.password()))
                .withTls(tls);
    }

    private static TlsSettings authorities() {
        return new TlsSettings(server.certificate(), Optional.empty(), Optional.empty(), true);
    }

    private static String fingerprint() throws Exception {
        try (InputStream pem = open()) {
            byte[] encoded = CertificateFactory.getInstance("X.509")
                    .generateCertificate(pem)
                    .getEncoded();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(encoded));
        }
    }

    private static InputStream open() throws IOException {
        return Files.newInputStream(server.certificate().orElseThrow());
    }
}
