package io.pgsync.cli.torture;

import io.pgsync.cli.torture.Fault.Site;
import io.pgsync.cli.torture.FaultyProxy.Listener;
import io.pgsync.replication.embedded.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A random tree on a database and an index of its own, with its daemon and the proxies before it. One history after the other. */
final class TreeRun implements AutoCloseable {
    private static final String INDEX = "tree";
    private static final int LAST_WORDS = 15;

    private final OwnServers ownServers;
    private final Servers servers;
    private final long seed;
    private final RandomTree tree;
    private final Path directory;
    private final StepLog log;
    private final String database;
    private final String prefix;
    private final Session session;
    private final Site site;
    private final QuietPoint quietPoint;
    private final Refusals refusals = new Refusals();
    /** Not the common pool: clients that wait for a server would fill it, and others need it to see the server's end. */
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private int histories;
    private int committed;
    private int rolledBack;
    private int documents;

    private TreeRun(OwnServers servers, long seed, Path directory) throws IOException {
        this.ownServers = servers;
        this.servers = servers.servers();
        this.seed = seed;
        this.tree = RandomTree.of(seed);
        this.directory = directory;
        this.log = new StepLog(directory.resolve("steps.sql"));
        this.database = this.servers.postgres().createDatabase();
        this.prefix = database.replace('_', '-') + "-";
        this.quietPoint = new QuietPoint(this.servers, prefix, tree.schema(database, INDEX));
        this.session = newSession(true);
        this.site = site();
    }

    private Site site() throws IOException {
        var confirmations = new Confirmations();
        var source = servers.postgres();
        var postgres = FaultyProxy.to(source.host(), source.port(), confirmations::overhear, Listener.NONE);
        var url = servers.elasticsearch().url();
        var elasticsearch = FaultyProxy.to(url.getHost(), url.getPort(), Listener.NONE, refusals::overhear);
        var control = newSession(true);
        return new Site(
                new Daemon(directory, environment(postgres, elasticsearch)),
                ownServers,
                postgres,
                elasticsearch,
                new Unstored(tree.root(), elasticsearch, confirmations, control, log),
                control);
    }

    private Session newSession(boolean autoCommit) {
        return new Session(autoCommit, () -> servers.connect(database));
    }

    /** {@code directory} must be empty. */
    static TreeRun open(OwnServers servers, long seed, Path directory) throws IOException {
        return new TreeRun(servers, seed, directory);
    }

    private void prepare() throws IOException, SQLException {
        Files.writeString(
                directory.resolve("schema.json"),
                tree.schema(database, prefix + INDEX).toPrettyString());
        var statements = new ArrayList<>(tree.definitions());
        statements.addAll(RandomRows.initial(tree.tables()));
        for (var statement : statements) {
            log.step("setup", statement + ";");
            session.execute(statement);
        }
    }

    private Map<String, String> environment(FaultyProxy postgres, FaultyProxy elasticsearch) {
        var environment = new HashMap<>(servers.environment(postgres.port(), elasticsearch.port()));
        // A connection that has gone silent is given up after this time.
        environment.put("ELASTICSEARCH_TIMEOUT", "5");
        // More than the server takes.
        environment.put("ELASTICSEARCH_MAX_CHUNK_BYTES", "20000000");
        return environment;
    }

    /** Creates the tables and their first rows, starts the daemon and waits for its first load. */
    void load() throws IOException, SQLException {
        prepare();
        site.daemon().bootstrapAndStart(servers.environment(), tree.replicaIdentity());
        documents = quietPoint.await(session, site.daemon());
    }

    /** Runs the next history, and waits at its end until the index is right. */
    void runHistory() throws IOException, SQLException {
        var history = History.random(seed, histories++, tree.tables());
        log.quiet(history.number());
        var clients = new ArrayList<CompletableFuture<Void>>();
        for (int i = 1; i < history.clients().size(); i++) {
            var number = i;
            clients.add(CompletableFuture.runAsync(() -> runClient(history, number, Map.of()), threads));
        }
        runClient(history, 0, history.faults());
        clients.forEach(CompletableFuture::join);
        site.postgres().heal();
        site.elasticsearch().heal();
        documents = quietPoint.await(session, site.daemon());
    }

    private void runClient(History history, int number, Map<Integer, Fault> troubles) {
        try (var client = new Client("client" + number, newSession(false), log)) {
            var transactions = history.clients().get(number);
            for (int i = 0; i < transactions.size(); i++) {
                if (troubles.containsKey(i)) {
                    strike(troubles.get(i));
                }
                client.run(transactions.get(i));
            }
            count(client);
        } catch (SQLException | IOException e) {
            throw new CompletionException(e);
        }
    }

    private void strike(Fault fault) throws IOException, SQLException {
        log.step("FAULT", fault.toString());
        faults.merge(fault, 1, Integer::sum);
        site.daemon().keepRunning();
        fault.strike(site);
    }

    private synchronized void count(Client client) {
        committed += client.committed();
        rolledBack += client.rolledBack();
    }

    /** Asks the daemon to end, which must leave everything stored. */
    void stop() {
        site.daemon().stop();
    }

    /** What happened so far, in a line. */
    String summary() {
        return "%s, %d documents; %d histories, %d transactions committed, %d rolled back; faults %s; %s; %s"
                .formatted(tree, documents, histories, committed, rolledBack, faults, site.unstored(), refusals);
    }

    /** All that is known of a failure, for a person to read. */
    List<String> evidence() {
        var lines = new ArrayList<String>();
        lines.add(tree.schema(database, prefix + INDEX).toPrettyString());
        lines.addAll(tree.definitions());
        lines.addAll(log.sinceQuiet());
        lines.add("pgsync said:");
        lines.add(site.daemon().output());
        return lines;
    }

    /** What pgsync said last, without the stack traces: for a report that shows only the message of a failure. */
    String lastWords() {
        var lines = site.daemon()
                .output()
                .lines()
                .filter(line -> !line.startsWith("\t"))
                .toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_WORDS), lines.size()));
    }

    /** Removes everything but the directory. */
    @Override
    public void close() throws IOException, SQLException {
        threads.shutdown();
        site.daemon().close();
        site.postgres().close();
        site.elasticsearch().close();
        site.control().close();
        log.close();
        session.connection();
        session.execute("SELECT pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots"
                + " WHERE database = current_database() AND active");
        session.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                + " WHERE database = current_database()");
        session.close();
        try (var maintenance = servers.connect(PostgresServer.MAINTENANCE_DATABASE);
                var statement = maintenance.createStatement()) {
            statement.execute("DROP DATABASE " + database + " WITH (FORCE)");
        }
        servers.removeIndexes(prefix);
    }

    /** Removes the directory of a run that was right. */
    static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
