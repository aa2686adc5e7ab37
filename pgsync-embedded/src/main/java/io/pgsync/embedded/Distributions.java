package io.pgsync.embedded;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
        return cached(name, directory -> {
            for (var archive : archives.entrySet()) {
                Unpacking.unpack(
                        ArchiveResolver.resolve(archive.getValue(), listener),
                        Files.createDirectories(directory.resolve(archive.getKey())));
            }
        });
    }

    /** Returns a directory with jars, these and all that they need at run time; fetches them first if necessary. Blocks. */
    public static Path jars(String name, List<ServerArchive> wanted, DownloadListener listener) {
        return cached(name, directory -> {
            for (var jar : wanted) {
                for (var file : ArchiveResolver.resolveWithDependencies(jar, listener)) {
                    var copy = Files.copy(
                            file,
                            directory.resolve(file.getFileName().toString()),
                            StandardCopyOption.REPLACE_EXISTING);
                    SharedPaths.makeReadable(copy);
                }
            }
        });
    }

    private interface Content {
        void write(Path directory) throws IOException;
    }

    private static Path cached(String name, Content content) {
        try {
            var cache = SharedPaths.cache();
            var distribution = cache.resolve(name);
            if (!Files.isDirectory(distribution)) {
                make(distribution, cache, content);
            }
            return distribution;
        } catch (IOException e) {
            throw new EmbeddedServerException(
                    "Cannot unpack %s: %s. Check space and rights, or name another cache in PGSYNC_CACHE_DIR"
                            .formatted(name, e),
                    e);
        } catch (NoClassDefFoundError e) {
            throw new EmbeddedServerException(
                    "Embedded servers need the optional dependencies of pgsync-core on the class path"
                            + " (mima context and standalone-static, commons-compress, xz)",
                    e);
        }
    }

    /** Two processes may unpack the same archive at once: the first rename wins, and the other copy is deleted. */
    private static void make(Path distribution, Path cache, Content content) throws IOException {
        removeInterrupted(cache);
        var unfinished = Files.createTempDirectory(cache, UNFINISHED);
        try {
            var unpacked = Files.createDirectory(unfinished.resolve("root"));
            content.write(unpacked);
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
