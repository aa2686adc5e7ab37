package io.pgsync.embedded.elasticsearch;

import io.pgsync.embedded.Distributions;
import io.pgsync.embedded.DownloadListener;
import io.pgsync.embedded.ServerArchive;
import io.pgsync.embedded.ServerCertificate;
import io.pgsync.embedded.ServerInstance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The Security plugin of OpenSearch. Gives a node TLS with its own certificate, and two internal users: one with all
 * rights, one with none. All other files of the plugin's configuration are those that it ships.
 */
final class SecurityPlugin {
    static final ElasticsearchServer.Login LOGIN = new ElasticsearchServer.Login("pgsync", "embedded");
    static final String GUEST = "guest";

    private static final String NAME = "opensearch-security";
    private static final String CONFIGURATION = "config/" + NAME;
    /** Of the password, made by the plugin's own tool: the JDK has no bcrypt. */
    private static final String HASH = "$2y$12$ZKs/lJmP.BKUlGegv.4/6eOIP88k8yMilzj8W9hT.7k82dpaCf.Ay";

    private SecurityPlugin() {}

    /** The server with the plugin of its version. */
    static Path unpacked(ServerArchive server, DownloadListener listener) {
        var plugin = new ServerArchive("org.opensearch.plugin", NAME, server.version() + ".0", "zip");
        String place = server.artifactId() + "-" + server.version() + "/plugins/" + NAME;
        return Distributions.unpacked(server, plugin, place, listener);
    }

    /** Configures the node, which then presents the returned certificate. */
    static ServerCertificate secure(Path distribution, ServerInstance instance, NodeConfiguration configuration) {
        var certificate = ServerCertificate.create(instance, "config");
        configuration.set(tls("http", certificate));
        configuration.set(tls("transport", certificate));
        configuration.set(Map.of(
                "plugins.security.ssl.http.enabled", "true",
                "plugins.security.ssl.transport.enforce_hostname_verification", "false",
                "plugins.security.allow_default_init_securityindex", "true",
                "plugins.security.restapi.roles_enabled", "[all_access]",
                "plugins.security.audit.type", "noop"));
        instance.createDirectory(CONFIGURATION);
        copyShipped(distribution.resolve("plugins").resolve(NAME).resolve("config"), instance);
        instance.write(CONFIGURATION + "/internal_users.yml", meta("internalusers") + user(LOGIN.user()) + user(GUEST));
        instance.write(
                CONFIGURATION + "/roles_mapping.yml",
                meta("rolesmapping") + "all_access:\n  users: [" + LOGIN.user() + "]\n");
        return certificate;
    }

    private static Map<String, String> tls(String layer, ServerCertificate certificate) {
        String prefix = "plugins.security.ssl." + layer + ".";
        return Map.of(
                prefix + "pemcert_filepath", certificate.certificate().toString(),
                prefix + "pemkey_filepath", certificate.key().toString(),
                prefix + "pemtrustedcas_filepath", certificate.certificate().toString());
    }

    private static void copyShipped(Path shipped, ServerInstance instance) {
        try (var files = Files.newDirectoryStream(shipped, "*.yml")) {
            for (Path file : files) {
                instance.write(CONFIGURATION + "/" + file.getFileName(), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String meta(String type) {
        return "_meta:\n  type: " + type + "\n  config_version: 2\n";
    }

    private static String user(String name) {
        return name + ":\n  hash: \"" + HASH + "\"\n";
    }
}
