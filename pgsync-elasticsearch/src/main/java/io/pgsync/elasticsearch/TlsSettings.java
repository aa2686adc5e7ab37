package io.pgsync.elasticsearch;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Whom to trust, and which certificate to present, over https.
 *
 * @param authorities PEM file of the certificate authorities to trust; if empty, those of the JVM
 * @param fingerprint SHA-256 of a certificate in the server's chain, in hex; trusted instead of any authority, without
 *     regard to the host name
 * @param client certificate and key to present
 * @param verify false accepts every certificate and every host name
 */
public record TlsSettings(
        Optional<Path> authorities, Optional<String> fingerprint, Optional<ClientCertificate> client, boolean verify) {
    /** The authorities of the JVM, and no certificate to present. */
    public static final TlsSettings DEFAULT =
            new TlsSettings(Optional.empty(), Optional.empty(), Optional.empty(), true);

    /** PEM files: the certificate chain, and its PKCS #8 key without a password. */
    public record ClientCertificate(Path certificate, Path key) {}
}
