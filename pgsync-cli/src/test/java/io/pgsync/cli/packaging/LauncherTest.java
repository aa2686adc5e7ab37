package io.pgsync.cli.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.cli.exit.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launch script itself, before a program that takes all memory. */
class LauncherTest {
    private static final Path PROJECT = Path.of("..");

    @TempDir
    private Path home;

    /** What the script starts in place of pgsync. */
    static final class Exhausting {
        private Exhausting() {}

        public static void main(String[] arguments) {
            var kept = new ArrayList<byte[]>();
            while (true) {
                kept.add(new byte[1 << 20]);
            }
        }
    }

    @Test
    void anExhaustedHeapEndsTheProcessWithACodeThatASupervisorRestartsOn() throws Exception {
        install(Exhausting.class);

        Process process = start("-Xmx16m");

        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(output())).contains("java.lang.OutOfMemoryError");
        assertThat(process.exitValue()).isEqualTo(ExitCode.FAILURE.code());
        assertThat(restartPreventing()).isNotEmpty().doesNotContain(Integer.toString(process.exitValue()));
    }

    private static List<String> restartPreventing() throws IOException {
        String key = "RestartPreventExitStatus=";
        return Files.readAllLines(PROJECT.resolve("packaging/pgsync.service")).stream()
                .filter(line -> line.startsWith(key))
                .flatMap(line -> List.of(line.substring(key.length()).split(" ")).stream())
                .toList();
    }

    private void install(Class<?> program) throws IOException {
        Files.createDirectories(home.resolve("lib"));
        Path script = Files.createDirectories(home.resolve("bin")).resolve("pgsync");
        Files.copy(PROJECT.resolve("bin/pgsync"), script);
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, program.getName());
        String entry = program.getName().replace('.', '/') + ".class";
        try (var jar = new JarOutputStream(Files.newOutputStream(home.resolve("lib/pgsync.jar")), manifest);
                var bytes = program.getClassLoader().getResourceAsStream(entry)) {
            jar.putNextEntry(new JarEntry(entry));
            bytes.transferTo(jar);
        }
    }

    private Process start(String javaOptions) throws IOException {
        var builder = new ProcessBuilder("sh", home.resolve("bin/pgsync").toString())
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output().toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("PGSYNC_JAVA_OPTIONS", javaOptions);
        return builder.start();
    }

    private Path output() {
        return home.resolve("output");
    }
}
