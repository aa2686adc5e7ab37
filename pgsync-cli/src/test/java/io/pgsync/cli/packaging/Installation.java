package io.pgsync.cli.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/** The launch script as a distribution has it, before another program than pgsync. */
record Installation(Path home) {
    private static final Path SCRIPT = Path.of("../bin/pgsync");

    /** How a process ended, and what it wrote. */
    record Ended(int code, String output) {}

    static Installation of(Class<?> program, Path home) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("lib"));
        Files.copy(SCRIPT, home.resolve("bin/pgsync"));
        var installation = new Installation(home);
        installation.put(program.getName(), bytesOf(program));
        return installation;
    }

    static byte[] bytesOf(Class<?> program) throws IOException {
        try (var bytes = program.getClassLoader().getResourceAsStream(entryOf(program.getName()))) {
            return bytes.readAllBytes();
        }
    }

    private static String entryOf(String program) {
        return program.replace('.', '/') + ".class";
    }

    Path jar() {
        return home.resolve("lib/pgsync.jar");
    }

    /** Puts a jar in place that starts with this class; without compression, so that its size is that of what is in it. */
    void put(String program, byte[] bytes) throws IOException {
        String manifest = "Manifest-Version: 1.0\r\nMain-Class: " + program + "\r\n\r\n";
        try (var jar = new JarOutputStream(Files.newOutputStream(jar()))) {
            jar.setLevel(0);
            jar.putNextEntry(new JarEntry(JarFile.MANIFEST_NAME));
            jar.write(manifest.getBytes(StandardCharsets.UTF_8));
            jar.putNextEntry(new JarEntry(entryOf(program)));
            jar.write(bytes);
        }
    }

    /** Runs the script with the Java of this process; {@code javaOptions} are those of PGSYNC_JAVA_OPTIONS. */
    Ended run(String javaOptions, String... arguments) throws IOException, InterruptedException {
        Path output = home.resolve("output");
        var command = new ArrayList<>(List.of("sh", home.resolve("bin/pgsync").toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("PGSYNC_JAVA_OPTIONS", javaOptions);
        Process process = builder.start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(output));
    }
}
