package io.pgsync.elasticsearch;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;

/** Turns {@link TlsSettings} into the form that the HTTP client needs. */
final class TlsContext {
    private static final char[] NO_PASSWORD = {};

    private final TlsSettings settings;

    TlsContext(TlsSettings settings) {
        this.settings = settings;
    }

    /** For plain http: reading the JVM's certificate authorities takes a tenth of the start-up time. */
    static TlsStrategy unused() {
        return (session, endpoint, local, remote, attachment, timeout) -> {
            throw new UnsupportedOperationException("TLS on a plain connection to " + endpoint);
        };
    }

    /** Reads the files; if one is missing or malformed, fails with a {@link SyncException} that names it. */
    TlsStrategy strategy() {
        ClientTlsStrategyBuilder builder = ClientTlsStrategyBuilder.create().setSslContext(context());
        if (!settings.verify() || settings.fingerprint().isPresent()) {
            builder.setHostVerificationPolicy(HostnameVerificationPolicy.CLIENT);
            builder.setHostnameVerifier(NoopHostnameVerifier.INSTANCE);
        }
        return builder.buildAsync();
    }

    private SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    settings.client().isPresent() ? clientKeys(settings.client().get()) : null, trusted(), null);
            return context;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw unusable("the TLS settings", e);
        }
    }

    private TrustManager[] trusted() throws GeneralSecurityException {
        if (!settings.verify()) {
            return new TrustManager[] {CertificateTrust.ALL};
        }
        return settings.fingerprint().isPresent()
                ? new TrustManager[] {
                    CertificateTrust.ofFingerprint(settings.fingerprint().get())
                }
                : authorities();
    }

    private TrustManager[] authorities() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        Optional<Path> file = settings.authorities();
        factory.init(file.isPresent() ? trustStore(certificates(file.get())) : null);
        return factory.getTrustManagers();
    }

    private static KeyStore trustStore(List<Certificate> certificates) throws GeneralSecurityException {
        KeyStore store = emptyStore();
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("ca" + i, certificates.get(i));
        }
        return store;
    }

    private static KeyManager[] clientKeys(TlsSettings.ClientCertificate client) throws GeneralSecurityException {
        Certificate[] chain = certificates(client.certificate()).toArray(Certificate[]::new);
        KeyStore store = emptyStore();
        store.setKeyEntry(
                "client", privateKey(client.key(), chain[0].getPublicKey().getAlgorithm()), NO_PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw new AssertionError("An empty key store needs no input", e);
        }
    }

    private static List<Certificate> certificates(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            if (!found.isEmpty()) {
                return List.copyOf(found);
            }
            throw new SyncException(Remedy.STOP, "The file " + file + " holds no certificate in PEM form.");
        } catch (IOException | GeneralSecurityException e) {
            throw unusable("the file " + file, e);
        }
    }

    private static PrivateKey privateKey(Path file, String algorithm) throws GeneralSecurityException {
        try {
            String base64 = Files.readString(file).replaceAll("-----[^-]+-----", "");
            byte[] encoded = Base64.getMimeDecoder().decode(base64);
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (IOException | InvalidKeySpecException | IllegalArgumentException e) {
            throw unusable("the key " + file + " (it must be PKCS #8 in PEM form, without a password)", e);
        }
    }

    private static SyncException unusable(String what, Exception cause) {
        return new SyncException(
                Remedy.STOP,
                "For the connection to the search engine, " + what + " cannot be used: " + cause.getMessage(),
                cause);
    }
}
