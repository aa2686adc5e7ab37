package io.pgsync.elasticsearch;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Whom to trust and what to show over https.
 *
 * @param authorities PEM file of the certificate authorities to trust; empty: those of the JVM
 * @param fingerprint SHA-256 of a certificate in the server's chain, in hex; trusted instead of any authority, whatever its host name
 * @param client certificate and key to show
 * @param verify false accepts every certificate and every host name
 */
public record TlsSettings(
        Optional<Path> authorities, Optional<String> fingerprint, Optional<ClientCertificate> client, boolean verify) {
    /** The authorities of the JVM, and no certificate to show. */
    public static final TlsSettings DEFAULT =
            new TlsSettings(Optional.empty(), Optional.empty(), Optional.empty(), true);

    /** PEM files: the certificate chain, and its PKCS #8 key without a password. */
    public record ClientCertificate(Path certificate, Path key) {}
}
