package io.pgsync.bench.load;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The product's commands, each in a Java process of its own, started as the script {@code pgsync} starts them. */
final class Product {
    private static final String MAIN_CLASS = "io.pgsync.cli.Main";
    private static final List<String> SCRIPT_OPTIONS = List.of(
            "-XX:+CrashOnOutOfMemoryError",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:MetaspaceSize=64m",
            "--enable-native-access=ALL-UNNAMED");
    private static final long STOP_SECONDS = 60;

    private final Servers servers;
    private final Path directory;
    private final List<String> jvmOptions;
    private final Map<String, String> more;

    /** @param directory where the schema file and the output go */
    Product(Servers servers, Path directory, List<String> jvmOptions) {
        this.servers = servers;
        this.directory = directory;
        this.jvmOptions = List.copyOf(jvmOptions);
        this.more = Map.of();
        try {
            Files.writeString(directory.resolve("schema.json"), Resources.text("schema.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Product(Product other, Map<String, String> more) {
        this.servers = other.servers;
        this.directory = other.directory;
        this.jvmOptions = other.jvmOptions;
        this.more = Map.copyOf(more);
    }

    /** The same with these variables. */
    Product with(Map<String, String> variables) {
        return new Product(this, variables);
    }

    /** Runs a command to its end; one that fails is an error with its last lines. */
    Usage run(String name, String... arguments) throws IOException {
        Running command = start(name, arguments);
        int code = command.await();
        if (code != 0) {
            throw new IOException("The command %s ended with %d:%n%s".formatted(name, code, command.lastLines()));
        }
        return command.usage();
    }

    Running start(String name, String... arguments) throws IOException {
        Path output = directory.resolve(name + ".log");
        var builder = new ProcessBuilder(commandLine(arguments))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment());
        builder.environment().putAll(more);
        return new Running(ProcessMeter.of(builder.start()), output);
    }

    private List<String> commandLine(String... arguments) {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(SCRIPT_OPTIONS);
        line.addAll(jvmOptions);
        line.addAll(List.of("-cp", absoluteClassPath(), MAIN_CLASS));
        line.addAll(List.of(arguments));
        return line;
    }

    private static String absoluteClassPath() {
        return List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .reduce((left, right) -> left + File.pathSeparator + right)
                .orElseThrow();
    }

    private Map<String, String> environment() {
        PostgresAccess postgres = servers.postgres();
        return Map.of(
                "PG_HOST", postgres.host(),
                "PG_PORT", Integer.toString(postgres.port()),
                "PG_USER", postgres.user(),
                "PG_PASSWORD", postgres.password(),
                "ELASTICSEARCH_URL", servers.elasticsearch().toString(),
                // The run deletes its index by name.
                "PGSYNC_INDEX_ALIAS", "false",
                "SCHEMA", directory.resolve("schema.json").toString());
    }

    /** What a process took: {@code wallNanos} from its start, its Java machine's own start included. */
    record Usage(long wallNanos, long cpuNanos, long peakBytes) {}

    /** A command that was started; closing asks it to end, and kills it when it does not. */
    record Running(ProcessMeter meter, Path output) implements AutoCloseable {
        int await() throws IOException {
            try {
                return meter.process().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted while waiting for the product", e);
            }
        }

        boolean isAlive() {
            return meter.process().isAlive();
        }

        Usage usage() {
            return meter.usage();
        }

        String lastLines() throws IOException {
            List<String> lines = Files.readAllLines(output);
            return String.join(System.lineSeparator(), lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        }

        @Override
        public void close() throws IOException {
            Process process = meter.process();
            process.destroy();
            try {
                if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new IOException("The product did not end within " + STOP_SECONDS + " s of being asked to");
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
