package io.pgsync.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** Chooses directories that the account of the servers can reach: root's home is often closed to everybody else. */
final class SharedPaths {

    private static final Path FALLBACK = Path.of("/var/tmp");
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rwxr-xr-x");

    private SharedPaths() {}

    /**
     * The directory for unpacked distributions: {@code PGSYNC_CACHE_DIR}, otherwise {@code ~/.cache/pgsync}. If there
     * is no writable home, or the servers cannot enter it, {@code /var/tmp/pgsync-<user>}.
     */
    static Path cache() throws IOException {
        var configured = Optional.ofNullable(System.getenv("PGSYNC_CACHE_DIR")).filter(path -> !path.isBlank());
        if (configured.isPresent()) {
            return createReadable(Path.of(configured.get()).toAbsolutePath());
        }
        var home = Path.of(System.getProperty("user.home", "?")).toAbsolutePath();
        var cache = home.resolve(".cache").resolve("pgsync");
        if (Files.isWritable(home) && isReachable(cache)) {
            return createReadable(cache);
        }
        return ownedByUs(createReadable(FALLBACK.resolve("pgsync-" + System.getProperty("user.name"))));
    }

    /** The parent directory of running servers: {@code java.io.tmpdir}, unless the servers cannot enter it. */
    static Path temporary() {
        var temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
        return isReachable(temporary) ? temporary : FALLBACK;
    }

    /** Whether the account of the servers may enter every existing directory on this path. */
    static boolean isReachable(Path path) {
        if (ServerUser.unprivileged().isEmpty()) {
            return true;
        }
        for (var step = path.toAbsolutePath(); step != null; step = step.getParent()) {
            if (Files.isDirectory(step) && !permissions(step).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }

    static Path makeReadable(Path directory) throws IOException {
        // Set afterwards, because the umask removes bits from the permissions of a create call.
        return Files.setPosixFilePermissions(directory, READABLE);
    }

    private static Path createReadable(Path directory) throws IOException {
        var parent = directory.getParent();
        if (parent == null || Files.isDirectory(directory)) {
            return directory;
        }
        createReadable(parent);
        Files.createDirectories(directory);
        return makeReadable(directory);
    }

    /**
     * Fails if the directory belongs to somebody else, who may have created it first where everybody may write: servers
     * must not run that user's programs.
     */
    private static Path ownedByUs(Path directory) throws IOException {
        var owner = Files.getOwner(directory).getName();
        if (!owner.equals(System.getProperty("user.name"))
                || Files.isSymbolicLink(directory)
                || permissions(directory).contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new EmbeddedServerException(
                    "%s belongs to %s, or others may write there. Remove it, or name another cache in PGSYNC_CACHE_DIR"
                            .formatted(directory, owner));
        }
        return directory;
    }

    private static Set<PosixFilePermission> permissions(Path path) {
        try {
            return Files.getPosixFilePermissions(path);
        } catch (IOException e) {
            throw new EmbeddedServerException("Cannot read the permissions of " + path, e);
        }
    }
}
