package io.pgsync.elasticsearch;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts a server only by its certificates, without authorities and without regard to its host name. */
final class CertificateTrust extends X509ExtendedTrustManager {
    /** For {@code verify_certs=false}. */
    static final CertificateTrust ALL = new CertificateTrust(certificate -> true, "");

    private static final int SHA256_BYTES = 32;

    private final Predicate<X509Certificate> accepted;
    private final String refusal;

    private CertificateTrust(Predicate<X509Certificate> accepted, String refusal) {
        this.accepted = accepted;
        this.refusal = refusal;
    }

    /**
     * {@code text}: SHA-256 of a certificate in the server's chain, in hex, with or without colons; otherwise fails
     * with an {@link IllegalArgumentException}.
     */
    static CertificateTrust ofFingerprint(String text) {
        byte[] wanted = HexFormat.of().parseHex(text.strip().replace(":", ""));
        if (wanted.length != SHA256_BYTES) {
            throw new IllegalArgumentException("the fingerprint is not a SHA-256, which has 64 hex digits");
        }
        return new CertificateTrust(
                certificate -> Arrays.equals(sha256(certificate), wanted),
                "no certificate that the server shows has the fingerprint " + text);
    }

    private static byte[] sha256(X509Certificate certificate) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("The server's certificate cannot be read", e);
        }
    }

    /** Goes from the server's own certificate upwards: a higher one counts only if it really signed the one below. */
    private void check(X509Certificate[] chain) throws CertificateException {
        for (int i = 0; i < chain.length; i++) {
            if (accepted.test(chain[i])) {
                return;
            }
            if (i + 1 < chain.length) {
                requireSigned(chain[i], chain[i + 1]);
            }
        }
        throw new CertificateException(refusal);
    }

    private static void requireSigned(X509Certificate certificate, X509Certificate issuer) throws CertificateException {
        if (issuer.getBasicConstraints() < 0) {
            throw new CertificateException(issuer.getSubjectX500Principal() + " is not a certificate authority");
        }
        try {
            certificate.checkValidity();
            certificate.verify(issuer.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new CertificateException(
                    issuer.getSubjectX500Principal() + " did not sign " + certificate.getSubjectX500Principal(), e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("We are the client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
