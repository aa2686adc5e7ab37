package io.pgsync.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks a zip with Unix modes, or a jar that holds one {@code .txz}. Everything becomes readable for every user, because the server may
 * run under another account than the one that unpacks.
 */
final class Unpacking {

    private static final int EXECUTABLE = 0100;

    private final Path root;

    private Unpacking(Path root) {
        this.root = root;
    }

    static void unpack(Path archive, Path root) throws IOException {
        var unpacking = new Unpacking(root);
        if (archive.toString().endsWith(".jar")) {
            unpacking.jarWithTarball(archive);
        } else {
            unpacking.zip(archive);
        }
    }

    private void zip(Path archive) throws IOException {
        try (var zip = org.apache.commons.compress.archivers.zip.ZipFile.builder()
                .setPath(archive)
                .get()) {
            for (var entries = zip.getEntries(); entries.hasMoreElements(); ) {
                var entry = entries.nextElement();
                if (entry.isDirectory()) {
                    directory(within(entry.getName()));
                } else {
                    try (var content = zip.getInputStream(entry)) {
                        file(within(entry.getName()), content, entry.getUnixMode());
                    }
                }
            }
        }
    }

    private void jarWithTarball(Path archive) throws IOException {
        try (var jar = new ZipFile(archive.toFile())) {
            var tarball = jar.stream()
                    .filter(entry -> entry.getName().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow(() -> new IOException(archive + " holds no .txz"));
            try (var content = new XZInputStream(new BufferedInputStream(jar.getInputStream(tarball)))) {
                tar(new TarArchiveInputStream(content));
            }
        }
    }

    private void tar(TarArchiveInputStream tar) throws IOException {
        for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            var path = within(entry.getName());
            if (entry.isDirectory()) {
                directory(path);
            } else if (entry.isSymbolicLink()) {
                within(root.relativize(path.resolveSibling(entry.getLinkName())).toString());
                directory(parent(path));
                Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            } else {
                file(path, tar, entry.getMode());
            }
        }
    }

    private Path within(String name) throws IOException {
        var path = root.resolve(name).normalize();
        if (!path.startsWith(root)) {
            throw new IOException("The archive entry " + name + " leads out of its directory");
        }
        return path;
    }

    private void directory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            directory(parent(directory));
            Files.createDirectory(directory);
        }
        Files.setPosixFilePermissions(directory, permissions(true));
    }

    private void file(Path file, InputStream content, int mode) throws IOException {
        directory(parent(file));
        Files.copy(content, file);
        Files.setPosixFilePermissions(file, permissions((mode & EXECUTABLE) != 0));
    }

    private Path parent(Path path) {
        var parent = path.getParent();
        return parent == null ? root : parent;
    }

    private static Set<PosixFilePermission> permissions(boolean executable) {
        return EnumSet.allOf(PosixFilePermission.class).stream()
                .filter(permission -> permission == PosixFilePermission.OWNER_WRITE
                        || permission.name().endsWith("READ")
                        || (executable && permission.name().endsWith("EXECUTE")))
                .collect(Collectors.toSet());
    }
}
