package io.pgsync.cli.packaging;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.cli.packaging.Installation.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of classes that the launch script makes and uses: it may only ever make a start quicker. */
class ClassArchiveTest {
    private static final String MAKE = "archive-classes";
    private static final String ARCHIVED = Greeting.class.getName() + " source: shared objects file (top)";
    private static final Ended GREETED = new Ended(0, "hello\n");

    @TempDir
    private Path directory;

    private Installation pgsync;

    @BeforeEach
    void install() throws Exception {
        pgsync = Installation.of(Greeting.class, directory.resolve("opt"));
    }

    @Test
    void isReadByLaterStarts() throws Exception {
        assertThat(loaded()).doesNotContain(ARCHIVED);

        make();

        assertThat(loaded()).contains(ARCHIVED);
        assertGreets();
    }

    @Test
    void isLeftAloneWhenTheTimeOfTheJarIsAnother() throws Exception {
        make();

        Files.setLastModifiedTime(pgsync.jar(), FileTime.from(Instant.EPOCH));

        assertGreets();
    }

    /** As in two builds of a version, which give their files the same time. */
    @Test
    void isLeftAloneWhenTheJarHasOtherClassesButTheSameSizeAndTime() throws Exception {
        make();
        FileTime time = Files.getLastModifiedTime(pgsync.jar());
        String other = new String(Installation.bytesOf(Greeting.class), ISO_8859_1).replace("hello", "world");

        pgsync.put(Greeting.class.getName(), other.getBytes(ISO_8859_1));
        Files.setLastModifiedTime(pgsync.jar(), time);

        assertThat(pgsync.run("")).isEqualTo(new Ended(0, "world\n"));
    }

    /** Java 17 then finds none of its classes in the jar again. */
    @Test
    void doesNoHarmWhereThePathHasABlank() throws Exception {
        pgsync = Installation.of(Greeting.class, directory.resolve("with a blank"));

        make();

        assertGreets();
    }

    @Test
    void isMadeAnewInPlaceOfThatOfAnotherJar() throws Exception {
        make();
        Path before = archives().get(0);
        String other = new String(Installation.bytesOf(Greeting.class), ISO_8859_1).replace("hello", "world");
        pgsync.put(Greeting.class.getName(), other.getBytes(ISO_8859_1));

        make();

        assertThat(archives()).hasSize(1).doesNotContain(before);
    }

    @Test
    void isLeftAloneWhenItIsNone() throws Exception {
        make();
        Path archive = archives().get(0);
        Files.delete(archive);

        Files.writeString(archive, "something else");

        assertGreets();
    }

    @Test
    void isLeftAloneWhenJavaIsToldOtherwise() throws Exception {
        make();

        assertThat(pgsync.run("-Xshare:off")).isEqualTo(GREETED);
        assertThat(pgsync.run("-XX:+UseParallelGC -XX:-UseCompressedOops")).isEqualTo(GREETED);
    }

    @Test
    void isNotThereUnlessItIsWhole() throws Exception {
        Ended ended = pgsync.run("-Xshare:off", MAKE);

        assertThat(ended.output()).contains("No archive was written");
        assertThat(ended.code()).isEqualTo(ExitCode.FAILURE.code());
        assertThat(archives()).isEmpty();
        assertGreets();
    }

    @Test
    void isNotNeededWhereNothingCanBeWritten() throws Exception {
        Path lib = pgsync.jar().getParent();
        Files.setPosixFilePermissions(lib, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeThat(Files.isWritable(lib)).isFalse();

        assertThat(pgsync.run("", MAKE).output()).contains("No archive was written");
        assertGreets();
    }

    private void make() throws Exception {
        assertThat(pgsync.run("", MAKE).code()).isZero();
        assertThat(archives()).hasSize(1);
    }

    private void assertGreets() throws Exception {
        assertThat(pgsync.run("")).isEqualTo(GREETED);
    }

    private String loaded() throws Exception {
        return pgsync.run("-Xlog:class+load").output();
    }

    private List<Path> archives() throws Exception {
        try (var files = Files.list(pgsync.jar().getParent())) {
            return files.filter(file -> !file.equals(pgsync.jar())).toList();
        }
    }
}
