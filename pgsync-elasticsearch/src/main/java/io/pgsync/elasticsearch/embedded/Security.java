package io.pgsync.elasticsearch.embedded;

import io.pgsync.core.embedded.ServerInstance;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Gives a node TLS with a certificate of its own, and one user in its file realm. */
final class Security {

    private static final String USER = "pgsync";
    private static final String STORE_PASSWORD = "embedded";
    private static final int ITERATIONS = 10_000;
    private static final int SALT_BYTES = 32;
    private static final int HASH_BITS = 256;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Security() {}

    /** Configures the node and returns the certificate that clients must trust, in PEM. */
    static Path secure(ServerInstance instance, NodeConfiguration configuration, ElasticsearchServer.Login login) {
        configuration.set(Map.of(
                "xpack.security.enabled", "true",
                "xpack.security.autoconfiguration.enabled", "false",
                "xpack.security.http.ssl.enabled", "true",
                "xpack.security.http.ssl.keystore.path", "http.p12",
                "xpack.security.http.ssl.keystore.password", STORE_PASSWORD));
        instance.write("config/users", login.user() + ":" + hash(login.password()) + "\n");
        instance.write("config/users_roles", "superuser:" + login.user() + "\n");
        return createCertificate(instance);
    }

    static ElasticsearchServer.Login randomLogin() {
        return new ElasticsearchServer.Login(USER, HexFormat.of().formatHex(randomBytes(12)));
    }

    private static Path createCertificate(ServerInstance instance) {
        var store = instance.directory().resolve("config").resolve("http.p12");
        var certificate = instance.directory().resolve("config").resolve("http.pem");
        keytool(
                instance,
                store,
                List.of(
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-validity",
                        "3650",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1"));
        keytool(instance, store, List.of("-exportcert", "-rfc", "-file", certificate.toString()));
        return certificate;
    }

    private static void keytool(ServerInstance instance, Path store, List<String> action) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-J-XX:-UsePerfData"));
        command.addAll(action);
        command.addAll(List.of(
                "-alias", "http", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", STORE_PASSWORD));
        instance.run(command, Map.of());
    }

    /** Elasticsearch reads {@code {PBKDF2}iterations$salt$hash} (HMAC-SHA512, both in Base64) as well as bcrypt, and the JDK has it. */
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
