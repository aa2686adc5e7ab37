package io.pgsync.embedded;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The unpacked distributions of this user, one per version, shared read-only by all servers. They stay in {@code ~/.cache/pgsync}; for
 * root, whose home other accounts cannot enter, in {@code /var/tmp/pgsync-root}; {@code PGSYNC_CACHE_DIR} overrides both.
 */
public final class Distributions {

    private static final String UNFINISHED = ".unpacking-";
    private static final Duration LONGEST_UNPACKING = Duration.ofHours(1);

    private Distributions() {}

    /** Returns the directory of the unpacked archive; fetches and unpacks it first if necessary. Blocks. */
    public static Path unpacked(ServerArchive archive, DownloadListener listener) {
        return unpacked(archive.directoryName(), Map.of("", archive), listener);
    }

    /**
     * The same for an archive with a plugin, as one distribution beside the one without it. {@code place}: the plugin's
     * directory, seen from the returned one.
     */
    public static Path unpacked(ServerArchive archive, ServerArchive plugin, String place, DownloadListener listener) {
        return unpacked(
                archive.directoryName() + "-" + plugin.artifactId(), Map.of("", archive, place, plugin), listener);
    }

    private static Path unpacked(String name, Map<String, ServerArchive> archives, DownloadListener listener) {
        try {
            var cache = SharedPaths.cache();
            var distribution = cache.resolve(name);
            if (!Files.isDirectory(distribution)) {
                var files = new HashMap<String, Path>();
                archives.forEach((place, archive) -> files.put(place, ArchiveResolver.resolve(archive, listener)));
                unpack(files, cache, distribution);
            }
            return distribution;
        } catch (IOException e) {
            throw new EmbeddedServerException(
                    "Cannot unpack %s: %s. Check space and rights, or name another cache in PGSYNC_CACHE_DIR"
                            .formatted(archives.values(), e),
                    e);
        } catch (NoClassDefFoundError e) {
            throw new EmbeddedServerException(
                    "Embedded servers need the optional dependencies of pgsync-core on the class path"
                            + " (mima context and standalone-static, commons-compress, xz)",
                    e);
        }
    }

    /** Two processes may unpack the same archive at once: the first rename wins, and the other copy is deleted. */
    private static void unpack(Map<String, Path> archives, Path cache, Path distribution) throws IOException {
        removeInterrupted(cache);
        var unfinished = Files.createTempDirectory(cache, UNFINISHED);
        try {
            var unpacked = Files.createDirectory(unfinished.resolve("root"));
            for (var archive : archives.entrySet()) {
                Unpacking.unpack(archive.getValue(), Files.createDirectories(unpacked.resolve(archive.getKey())));
            }
            SharedPaths.makeReadable(unpacked);
            Files.move(unpacked, distribution, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(distribution)) {
                throw e;
            }
        } finally {
            Deletion.deleteTree(unfinished);
        }
    }

    private static void removeInterrupted(Path cache) throws IOException {
        var oldest = FileTime.from(Instant.now().minus(LONGEST_UNPACKING));
        try (var leftovers = Files.newDirectoryStream(cache, UNFINISHED + "*")) {
            for (var leftover : leftovers) {
                if (Files.getLastModifiedTime(leftover).compareTo(oldest) < 0) {
                    Deletion.deleteTree(leftover);
                }
            }
        }
    }
}
