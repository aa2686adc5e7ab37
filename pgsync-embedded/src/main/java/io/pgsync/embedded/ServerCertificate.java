package io.pgsync.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The private key and the self-signed certificate of a server, made by the JDK's keytool and readable for the server's
 * account.
 *
 * @param certificate PEM file that clients must trust
 * @param key PEM file of the private key, PKCS #8 without a password
 * @param store both in a PKCS #12 file
 * @param storePassword the password of the store
 */
public record ServerCertificate(Path certificate, Path key, Path store, String storePassword) {
    private static final String ALIAS = "server";
    private static final String STORE_PASSWORD = "embedded";

    /** Creates {@code server.crt}, {@code server.key} and {@code server.p12}, for localhost and 127.0.0.1. */
    public static ServerCertificate create(ServerInstance instance, String directory) {
        Path place = instance.createDirectory(directory);
        Path store = place.resolve("server.p12");
        Path certificate = place.resolve("server.crt");
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
        Path key = instance.write(directory + "/server.key", privateKey(store));
        return new ServerCertificate(certificate, key, store, STORE_PASSWORD);
    }

    private static void keytool(ServerInstance instance, Path store, List<String> action) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-J-XX:-UsePerfData"));
        command.addAll(action);
        command.addAll(List.of(
                "-alias", ALIAS, "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", STORE_PASSWORD));
        instance.run(command, Map.of());
    }

    private static String privateKey(Path store) {
        try {
            char[] password = STORE_PASSWORD.toCharArray();
            byte[] key = KeyStore.getInstance(store.toFile(), password)
                    .getKey(ALIAS, password)
                    .getEncoded();
            String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                    .encodeToString(key);
            return "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n";
        } catch (IOException | GeneralSecurityException e) {
            throw new EmbeddedServerException("Cannot read the key that keytool made in " + store, e);
        }
    }
}
