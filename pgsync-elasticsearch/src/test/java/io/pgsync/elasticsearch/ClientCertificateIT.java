package io.pgsync.elasticsearch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.TlsSettings.ClientCertificate;
import io.pgsync.embedded.elasticsearch.ElasticsearchServer.Login;
import io.pgsync.embedded.elasticsearch.EmbeddedElasticsearch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A server that lets nobody in without a certificate. */
class ClientCertificateIT {
    private static EmbeddedElasticsearch server;

    private final Scheduler scheduler = Schedulers.newParallel("engine", 1);

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        server = EmbeddedElasticsearch.builder().requireClientCertificate().start();
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
    void isShownHoweverTheServerIsTrusted() throws Exception {
        Optional<ClientCertificate> client = Optional.of(new ClientCertificate(certificate(), key()));

        check(new TlsSettings(Optional.of(certificate()), Optional.empty(), client, true));
        check(new TlsSettings(Optional.empty(), Optional.of(fingerprint()), client, true));
        check(new TlsSettings(Optional.empty(), Optional.empty(), client, false));
    }

    @Test
    void withoutOneNobodyGetsIn() {
        var nothingToShow = new TlsSettings(Optional.of(certificate()), Optional.empty(), Optional.empty(), true);

        assertThatThrownBy(() -> check(nothingToShow)).isInstanceOf(SyncException.class);
    }

    @Test
    void aKeyThatCannotBeReadIsNamed() throws Exception {
        Path broken = Files.writeString(directory.resolve("broken.key"), "-----BEGIN PRIVATE KEY-----\nbroken\n");
        var client = new ClientCertificate(certificate(), broken);

        assertThatThrownBy(() ->
                        check(new TlsSettings(Optional.of(certificate()), Optional.empty(), Optional.of(client), true)))
                .hasMessageContaining(broken.toString())
                .hasMessageContaining("PKCS #8");
    }

    private void check(TlsSettings tls) {
        Login login = server.login().orElseThrow();
        var settings = ElasticsearchSettings.of(server.url().toString())
                .withAuthentication(new Authentication.Basic(login.user(), login.password()))
                .withTls(tls);
        try (var connection = ElasticsearchConnection.open(settings, scheduler)) {
            connection.check().block(Duration.ofSeconds(60));
        }
    }

    private static Path certificate() {
        return server.certificate().orElseThrow();
    }

    private static Path key() {
        return server.key().orElseThrow();
    }

    private static String fingerprint() throws Exception {
        try (var pem = Files.newInputStream(certificate())) {
            byte[] encoded = CertificateFactory.getInstance("X.509")
                    .generateCertificate(pem)
                    .getEncoded();
            return HexFormat.ofDelimiter(":")
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(encoded));
        }
    }
}
