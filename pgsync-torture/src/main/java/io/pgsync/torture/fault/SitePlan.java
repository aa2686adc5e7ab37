package io.pgsync.torture.fault;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.pgsync.torture.client.Session;
import io.pgsync.torture.process.Daemon;
import io.pgsync.torture.process.Daemon.Installation;
import io.pgsync.torture.proxy.Confirmations;
import io.pgsync.torture.proxy.FaultyProxy;
import io.pgsync.torture.proxy.FaultyProxy.Listener;
import io.pgsync.torture.report.StepLog;
import io.pgsync.torture.server.TreeServers;
import io.pgsync.torture.tree.RandomTree;
import io.pgsync.torture.world.Condition;
import io.pgsync.torture.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a tree's daemons, and the proxies before them, are made of. */
public record SitePlan(
        World world,
        RandomTree tree,
        TreeServers servers,
        Path directory,
        String database,
        String prefix,
        StepLog log) {
    private static final String SMALL_HEAP = "-Xmx256m";

    /** Writes the schema files; starts the proxies, but no daemon. {@code answers}: overhears the engine. */
    public Site build(Listener answers, Session control) throws IOException {
        var confirmations = new Confirmations();
        var postgres = FaultyProxy.to(servers::postgresAddress, confirmations::overhear, Listener.NONE);
        var aside = FaultyProxy.to(servers::postgresAddress, Listener.NONE, Listener.NONE);
        var elasticsearch = FaultyProxy.to(servers.engine()::address, Listener.NONE, answers);
        var obstacles = elasticsearch.obstacles();
        var daemons = daemons(environment(postgres, elasticsearch), environment(aside, elasticsearch));
        return new Site(
                daemons,
                database,
                prefix,
                servers,
                postgres,
                aside,
                elasticsearch,
                new Unstored(
                        tree.root(), obstacles, confirmations, servers.broker().isPresent(), control, log),
                new LateWrite(tree.root(), servers, prefix, obstacles, control, log),
                new Partitions(tree.tables(), control, log),
                Errands.of(daemons.get(0), tree.root(), servers, control, log),
                keepsSlots(),
                control);
    }

    /** What the second one confirms must not be taken for the first one's. */
    private List<Daemon> daemons(Map<String, String> first, Map<String, String> second) throws IOException {
        var daemons = new ArrayList<Daemon>();
        for (var schema : tree.schemas(database, prefix)) {
            var number = daemons.size() + 1;
            var file = "schema%d.json".formatted(number);
            Files.writeString(directory.resolve(file), schema.toPrettyString());
            var deadLetters = "refused%d.jsonl".formatted(number);
            daemons.add(new Daemon(new Installation(
                    directory,
                    file,
                    index(schema),
                    deadLetters,
                    number == 1 ? first : second,
                    () -> withStandbys(servers.servers().environment()),
                    heap())));
        }
        return daemons;
    }

    private Map<String, String> withStandbys(Map<String, String> environment) {
        var all = new HashMap<>(environment);
        all.put("PGSYNC_FAILOVER", Boolean.toString(keepsSlots()));
        servers.broker().ifPresent(broker -> all.put("PGSYNC_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers()));
        all.put("PGSYNC_KAFKA_PARTITIONS", "3");
        servers.replica().ifPresent(replica -> all.put("PG_PORT_RO", Integer.toString(replica.port())));
        return all;
    }

    private boolean keepsSlots() {
        return world.has(Condition.KEPT_SLOTS) && servers.canKeepSlots();
    }

    private static String index(ArrayNode schema) {
        return schema.path(0).path("index").asText();
    }

    private List<String> heap() {
        return world.has(Condition.SMALL_HEAP) ? List.of(SMALL_HEAP, "-XX:+ExitOnOutOfMemoryError") : List.of();
    }

    private Map<String, String> environment(FaultyProxy postgres, FaultyProxy elasticsearch) {
        var environment = withStandbys(servers.servers().environment(postgres.port(), elasticsearch.port()));
        // A connection that has gone silent is given up after this time.
        environment.put("ELASTICSEARCH_TIMEOUT", "5");
        // More than the server takes.
        environment.put("ELASTICSEARCH_MAX_CHUNK_BYTES", "20000000");
        return environment;
    }
}
