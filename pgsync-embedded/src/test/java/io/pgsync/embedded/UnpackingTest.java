package io.pgsync.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class UnpackingTest {

    @TempDir
    Path directory;

    private Path root;

    @BeforeEach
    void createRoot() throws IOException {
        root = Files.createDirectory(directory.resolve("root"));
    }

    @Test
    void zipKeepsExecutablesAndOpensEverythingForReading() throws IOException {
        var archive = directory.resolve("server.zip");
        try (var zip = new ZipArchiveOutputStream(archive)) {
            entry(zip, "server/bin/start", 0100750, "#!/bin/sh");
            entry(zip, "server/config/secret", 0100600, "x");
        }

        Unpacking.unpack(archive, root);

        assertThat(root.resolve("server/bin/start")).hasContent("#!/bin/sh");
        assertThat(permissions("server/bin/start")).isEqualTo("rwxr-xr-x");
        assertThat(permissions("server/config/secret")).isEqualTo("rw-r--r--");
        assertThat(permissions("server/config")).isEqualTo("rwxr-xr-x");
    }

    @Test
    void tarballInAJarKeepsItsLinks() throws IOException {
        var archive = jarWith(tar -> {
            file(tar, "lib/libpq.so.5", "elf");
            link(tar, "lib/libpq.so", "libpq.so.5");
        });

        Unpacking.unpack(archive, root);

        assertThat(Files.readSymbolicLink(root.resolve("lib/libpq.so"))).isEqualTo(Path.of("libpq.so.5"));
        assertThat(root.resolve("lib/libpq.so")).hasContent("elf");
    }

    @Test
    void entriesAndLinksThatLeadOutAreRefused() throws IOException {
        var entryOutside = jarWith(tar -> file(tar, "../outside", "x"));
        assertThatThrownBy(() -> Unpacking.unpack(entryOutside, root)).hasMessageContaining("../outside");

        var linkOutside = jarWith(tar -> link(tar, "lib/link", "../../outside"));
        assertThatThrownBy(() -> Unpacking.unpack(linkOutside, root)).hasMessageContaining("leads out");
        assertThat(directory.resolve("outside")).doesNotExist();
    }

    private String permissions(String path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(path)));
    }

    private static void entry(ZipArchiveOutputStream zip, String name, int mode, String content) throws IOException {
        var entry = new ZipArchiveEntry(name);
        entry.setUnixMode(mode);
        zip.putArchiveEntry(entry);
        zip.write(content.getBytes(StandardCharsets.UTF_8));
        zip.closeArchiveEntry();
    }

    private Path jarWith(TarContent content) throws IOException {
        var tarball = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(new XZOutputStream(tarball, new LZMA2Options(0)))) {
            content.writeTo(tar);
        }
        var archive = Files.createTempFile(directory, "postgres", ".jar");
        try (var jar = new ZipOutputStream(Files.newOutputStream(archive))) {
            jar.putNextEntry(new ZipEntry("postgres.txz"));
            jar.write(tarball.toByteArray());
            jar.closeEntry();
        }
        return archive;
    }

    private static void file(TarArchiveOutputStream tar, String name, String content) throws IOException {
        var bytes = content.getBytes(StandardCharsets.UTF_8);
        var entry = new TarArchiveEntry(name, true);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream tar, String name, String target) throws IOException {
        var entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private interface TarContent {
        void writeTo(TarArchiveOutputStream tar) throws IOException;
    }
}
