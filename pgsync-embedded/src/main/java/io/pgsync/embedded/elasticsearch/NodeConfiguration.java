package io.pgsync.embedded.elasticsearch;

import io.pgsync.embedded.ServerInstance;
import io.pgsync.embedded.elasticsearch.EmbeddedEngine.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the configuration directory of one node: loopback only; the nodes share nothing but the program. */
final class NodeConfiguration {

    private final ServerInstance instance;
    private final int port;
    private final Map<String, String> settings = new LinkedHashMap<>();

    NodeConfiguration(ServerInstance instance, int port) {
        this.instance = instance;
        this.port = port;
        settings.put("cluster.name", "embedded");
        settings.put("node.name", "embedded");
        settings.put("path.data", instance.createDirectory("data").toString());
        settings.put("path.logs", instance.createDirectory("logs").toString());
        settings.put("network.host", EmbeddedEngine.HOST);
        settings.put("http.port", Integer.toString(port));
        settings.put("transport.port", "0");
        settings.put("discovery.type", "single-node");
        settings.put("cluster.routing.allocation.disk.threshold_enabled", "false");
        instance.createDirectory("tmp");
        instance.createDirectory("config");
    }

    /** The address at which the node will answer. */
    URI url(String scheme) {
        return URI.create(scheme + "://" + EmbeddedEngine.HOST + ":" + port);
    }

    /** Makes the node look for the others of its cluster, and lets all nodes elect a master at their first start. */
    void join(ClusterMember member) {
        settings.remove("discovery.type");
        settings.put("node.name", member.name());
        settings.put("transport.port", Integer.toString(member.transportPort()));
        settings.put("discovery.seed_hosts", yamlList(member.addresses()));
        settings.put("cluster.initial_master_nodes", yamlList(member.names()));
    }

    private static String yamlList(List<String> texts) {
        return texts.stream().map(text -> '"' + text + '"').collect(Collectors.joining(", ", "[", "]"));
    }

    void set(Map<String, String> lines) {
        settings.putAll(lines);
    }

    /** Leaves the shipped log4j2.properties as it is: it belongs to the distribution. */
    void write(Program program, JvmChoice jvm) {
        var lines = settings.entrySet().stream()
                .map(setting -> setting.getKey() + ": " + setting.getValue() + "\n")
                .collect(Collectors.joining());
        var family = program.family();
        var options = Stream.concat(jvm.options(), family.jvmOptions(program.distribution()).stream());
        instance.write("config/" + family.program() + ".yml", lines);
        instance.write("config/jvm.options", options.collect(Collectors.joining("\n", "", "\n")));
        try {
            instance.write(
                    "config/log4j2.properties",
                    Files.readString(program.distribution().resolve("config").resolve("log4j2.properties")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How much memory the server may use, and whether it starts fast or runs fast. */
    record JvmChoice(String heap, boolean fullSpeed) {

        Stream<String> options() {
            // Without -UsePerfData a killed server would leave files in /tmp.
            var common = List.of("-Xms" + heap, "-Xmx" + heap, "-XX:-UsePerfData");
            // With only the serial GC and C1, a start takes a third of the CPU time, and less memory.
            var tuning = fullSpeed ? List.of("-XX:+UseG1GC") : List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
            return Stream.concat(common.stream(), tuning.stream());
        }
    }
}
