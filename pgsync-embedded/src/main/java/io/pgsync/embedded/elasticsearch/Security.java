package io.pgsync.embedded.elasticsearch;

import io.pgsync.embedded.ServerCertificate;
import io.pgsync.embedded.ServerInstance;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Gives a node TLS with its own certificate, and two users in its file realm: one with all rights, one with none. */
final class Security {

    private static final String USER = "pgsync";
    private static final String GUEST = "guest";
    private static final int ITERATIONS = 10_000;
    private static final int SALT_BYTES = 32;
    private static final int HASH_BITS = 256;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Security() {}

    /** Configures the node, which then presents the returned certificate. */
    static ServerCertificate secure(
            ServerInstance instance, NodeConfiguration configuration, ElasticsearchServer.Login login) {
        var certificate = ServerCertificate.create(instance, "config");
        configuration.set(Map.of(
                "xpack.security.enabled", "true",
                "xpack.security.autoconfiguration.enabled", "false",
                "xpack.security.http.ssl.enabled", "true",
                "xpack.security.http.ssl.keystore.path", certificate.store().toString(),
                "xpack.security.http.ssl.keystore.password", certificate.storePassword()));
        String hash = hash(login.password());
        instance.write("config/users", login.user() + ":" + hash + "\n" + GUEST + ":" + hash + "\n");
        instance.write("config/users_roles", "superuser:" + login.user() + "\n");
        return certificate;
    }

    /** Only clients that present the server's own certificate are accepted. */
    static void requireClientCertificate(NodeConfiguration configuration, ServerCertificate certificate) {
        configuration.set(Map.of(
                "xpack.security.http.ssl.client_authentication",
                "required",
                "xpack.security.http.ssl.certificate_authorities",
                certificate.certificate().toString()));
    }

    static ElasticsearchServer.Login randomLogin() {
        return new ElasticsearchServer.Login(USER, HexFormat.of().formatHex(randomBytes(12)));
    }

    /** The user with the same password and no rights. */
    static ElasticsearchServer.Login guest(ElasticsearchServer.Login login) {
        return new ElasticsearchServer.Login(GUEST, login.password());
    }

    /**
     * Elasticsearch reads not only bcrypt but also {@code {PBKDF2}iterations$salt$hash} (HMAC-SHA512, both in Base64),
     * which the JDK can compute.
     */
    private static String hash(String password) {
        var salt = randomBytes(SALT_BYTES);
        try {
            var key = new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, HASH_BITS);
            var hash = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(key)
                    .getEncoded();
            return "{PBKDF2}" + ITERATIONS + "$" + base64(salt) + "$" + base64(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has PBKDF2WithHmacSHA512", e);
        }
    }

    private static String base64(byte[] bytes) {
        return new String(Base64.getEncoder().encode(bytes), StandardCharsets.US_ASCII);
    }

    private static byte[] randomBytes(int count) {
        var bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
