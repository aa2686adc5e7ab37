package io.pgsync.embedded.kafka;

import io.pgsync.embedded.Distributions;
import io.pgsync.embedded.DownloadListener;
import io.pgsync.embedded.LoopbackPort;
import io.pgsync.embedded.ServerArchive;
import io.pgsync.embedded.ServerInstance;
import io.pgsync.embedded.StopSignal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A real Kafka broker as a child process, its own controller (KRaft), on a free port of 127.0.0.1 and in a temporary directory that is removed
 * with it. Runs on the Java of this process. All methods block; not for concurrent use, except {@link #close}.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final String VERSION = "4.1.1";
    private static final List<ServerArchive> JARS = List.of(
            new ServerArchive("org.apache.kafka", "kafka_2.13", VERSION, "jar"),
            // Without it nobody sees why a start fails.
            new ServerArchive("org.slf4j", "slf4j-simple", "1.7.36", "jar"));
    private static final String CONFIGURATION = "server.properties";
    private static final Duration START_TIME = Duration.ofMinutes(2);
    private static final Duration STOP_TIME = Duration.ofSeconds(30);
    private static final int CONNECT_MILLIS = 500;

    private final ServerInstance instance;
    private final Path jars;
    private final int port;

    private EmbeddedKafka(ServerInstance instance, Path jars, int port) {
        this.instance = instance;
        this.jars = jars;
        this.port = port;
    }

    /** Fetches the broker if necessary, starts it and waits until it accepts connections. */
    public static EmbeddedKafka start() {
        var jars = Distributions.jars("kafka-" + VERSION, JARS, DownloadListener.SILENT);
        var instance = ServerInstance.create("kafka", StopSignal.TERM);
        try {
            var kafka = new EmbeddedKafka(instance, jars, LoopbackPort.free());
            kafka.format();
            kafka.restart();
            return kafka;
        } catch (RuntimeException e) {
            instance.close();
            throw e;
        }
    }

    /** {@code host:port}, the same through all stops and starts. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** On 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Starts the broker again on its data; throws if it runs. */
    public void restart() {
        instance.launch(java("kafka.Kafka", CONFIGURATION), Map.of());
        instance.awaitReady(this::isListening, START_TIME);
    }

    /** Stops the broker and keeps its data and port; does nothing if it does not run. */
    public void stop() {
        instance.stop(StopSignal.TERM, STOP_TIME);
    }

    /** Kills the broker at once, as a crash would. */
    public void kill() {
        instance.stop(StopSignal.KILL, Duration.ZERO);
    }

    /** Has its process stand still, so that it is there and does not answer, or go on. */
    public void freeze(boolean freeze) {
        instance.freeze(freeze);
    }

    /** Whether its process is alive. */
    public boolean isRunning() {
        return instance.isRunning();
    }

    /** Ends the broker and removes its data; further calls do nothing. */
    @Override
    public void close() {
        instance.close();
    }

    private void format() {
        var data = instance.createDirectory("data");
        instance.write(CONFIGURATION, new BrokerConfiguration(port, LoopbackPort.free(), data).toString());
        instance.run(java("kafka.tools.StorageTool", "format", "-t", clusterId(), "-c", CONFIGURATION), Map.of());
    }

    private List<String> java(String main, String... arguments) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        instance.requireReachable(java);
        var command = new ArrayList<>(List.of(
                java.toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + instance.directory(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                jars.resolve("*").toString(),
                main));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Kafka writes the 16 bytes of a UUID in 22 characters. */
    private static String clusterId() {
        var random = UUID.randomUUID();
        var bytes = ByteBuffer.allocate(16)
                .putLong(random.getMostSignificantBits())
                .putLong(random.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private boolean isListening() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
