package io.pgsync.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The temporary directory of one server, removed by {@link #close}. As long as this process lives, it holds a lock on a
 * file beside the directory. A directory whose lock is free is left from a process that was killed, and the next server
 * of the same kind removes it.
 */
final class InstanceDirectory implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(InstanceDirectory.class);

    private static final String LOCK_SUFFIX = ".lock";

    private final Path path;
    private final Path lockFile;
    private final FileChannel lock;

    private InstanceDirectory(Path path, Path lockFile, FileChannel lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    static InstanceDirectory create(String kind) throws IOException {
        var parent = SharedPaths.temporary();
        var prefix = "pgsync-" + kind + "-";
        removeAbandoned(parent, prefix);
        // The lock comes first, so that no directory can be seen without it.
        var lockFile = Files.createTempFile(parent, prefix + ownMark(), LOCK_SUFFIX);
        var lock = FileChannel.open(lockFile, StandardOpenOption.WRITE);
        lock.lock();
        var path = Files.createDirectory(directoryOf(lockFile));
        SharedPaths.makeReadable(path);
        return new InstanceDirectory(path, lockFile, lock);
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            Deletion.deleteTree(path);
            Files.deleteIfExists(lockFile);
        }
    }

    // One thread at a time, because a JVM may not ask twice for the lock on one file.
    private static synchronized void removeAbandoned(Path parent, String prefix) throws IOException {
        try (DirectoryStream<Path> lockFiles = Files.newDirectoryStream(parent, prefix + "*" + LOCK_SUFFIX)) {
            for (var lockFile : lockFiles) {
                // Opening and closing our own lock file would release our own lock (POSIX).
                if (!lockFile.getFileName().toString().startsWith(prefix + ownMark()) && belongsToUs(lockFile)) {
                    removeIfAbandoned(lockFile);
                }
            }
        }
    }

    private static void removeIfAbandoned(Path lockFile) {
        try (var channel = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
            Optional<FileLock> lock = Optional.ofNullable(channel.tryLock());
            if (lock.isPresent()) {
                Deletion.deleteTree(directoryOf(lockFile));
                Files.deleteIfExists(lockFile);
            }
        } catch (IOException e) {
            log.debug(
                    "Left {} to the next start: its server is still shutting down, or another sweep is at it",
                    lockFile,
                    e);
        }
    }

    private static boolean belongsToUs(Path lockFile) throws IOException {
        return Files.exists(lockFile) && Files.getOwner(lockFile).getName().equals(System.getProperty("user.name"));
    }

    private static Path directoryOf(Path lockFile) {
        var name = lockFile.getFileName().toString();
        return lockFile.resolveSibling(name.substring(0, name.length() - LOCK_SUFFIX.length()));
    }

    private static String ownMark() {
        return ProcessHandle.current().pid() + "-";
    }
}
