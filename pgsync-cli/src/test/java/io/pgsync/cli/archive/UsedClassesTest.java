package io.pgsync.cli.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsedClassesTest {
    @TempDir
    private Path directory;

    @Test
    void loadsTheClassesOfItsPackages() throws IOException {
        Path jar =
                jar("io/pgsync/cli/Main.class", "io/netty/buffer/ByteBuf.class", "reactor/core/publisher/Flux.class");

        assertThat(UsedClasses.load(jar)).isEqualTo(3);
    }

    @Test
    void passesOverWhatIsOfNoUseOrCannotBeLoaded() throws IOException {
        Path jar = jar(
                "META-INF/versions/21/io/pgsync/cli/Main.class",
                "io/pgsync/cli/Missing.class",
                "io/pgsync/cli/demo/schema.json",
                "org/junit/jupiter/api/Test.class");

        assertThat(UsedClasses.load(jar)).isZero();
    }

    private Path jar(String... names) throws IOException {
        Path file = directory.resolve("some.jar");
        try (var jar = new JarOutputStream(Files.newOutputStream(file))) {
            for (String name : List.of(names)) {
                jar.putNextEntry(new JarEntry(name));
            }
        }
        return file;
    }
}
