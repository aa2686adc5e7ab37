package io.pgsync.torture;

import static io.pgsync.torture.world.Condition.ROW_SECURITY;
import static io.pgsync.torture.world.Condition.STEADY_WRITER;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.pgsync.torture.check.Objections;
import io.pgsync.torture.check.QuietPoint;
import io.pgsync.torture.client.Client;
import io.pgsync.torture.client.RandomChanges;
import io.pgsync.torture.client.RandomRows;
import io.pgsync.torture.client.Session;
import io.pgsync.torture.client.SteadyWriter;
import io.pgsync.torture.fault.Fault;
import io.pgsync.torture.fault.Site;
import io.pgsync.torture.fault.SitePlan;
import io.pgsync.torture.process.Daemon;
import io.pgsync.torture.proxy.Refusals;
import io.pgsync.torture.report.StepLog;
import io.pgsync.torture.report.Tally;
import io.pgsync.torture.server.OwnServers;
import io.pgsync.torture.server.TreeServers;
import io.pgsync.torture.tree.Node;
import io.pgsync.torture.tree.Raising;
import io.pgsync.torture.tree.RandomTree;
import io.pgsync.torture.world.Switches;
import io.pgsync.torture.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A random tree on a database and an index of its own, with its daemon and the proxies before it. One history after the other. */
final class TreeRun implements AutoCloseable {
    private static final int LAST_WORDS = 15;

    private final TreeServers servers;
    private final Switches switches;
    private final long seed;
    private final World world;
    private final RandomTree tree;
    private final StepLog log;
    private final String database;
    private final String prefix;
    private final Session session;
    private final SteadyWriter writer;
    private final Site site;
    private final QuietPoint quietPoint;
    private final Refusals refusals = new Refusals();
    /** Not the common pool: clients that wait for a server would fill it, and others need it to see the server's end. */
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private final Tally tally = new Tally();
    private int histories;
    private int committed;
    private int rolledBack;
    private int documents;

    private TreeRun(OwnServers ownServers, long seed, Switches switches, Path directory) throws IOException {
        this.seed = seed;
        this.switches = switches;
        this.world = World.of(seed, switches);
        this.tree = RandomTree.of(seed, world);
        this.log = new StepLog(directory.resolve("steps.sql"));
        this.servers = ownServers.forTree(world);
        this.database = servers.servers().postgres().createDatabase();
        this.prefix = database.replace('_', '-') + "-";
        this.quietPoint = new QuietPoint(servers, prefix, schemas(""));
        this.session = newSession(true);
        this.writer = new SteadyWriter(new RandomChanges(new Random(seed), tree.tables()), newSession(true), log);
        this.site = new SitePlan(world, tree, servers, directory, database, prefix, log)
                .build(refusals::overhear, newSession(true));
    }

    /** {@code directory} must be empty. */
    static TreeRun open(OwnServers servers, long seed, Switches switches, Path directory) throws IOException {
        return new TreeRun(servers, seed, switches, directory);
    }

    /** Of all files. */
    private ArrayNode schemas(String prefix) {
        var schemas = Node.JSON.createArrayNode();
        tree.schemas(database, prefix).forEach(schemas::addAll);
        return schemas;
    }

    private Session newSession(boolean autoCommit) {
        return new Session(autoCommit, () -> servers.servers().connect(database));
    }

    private void prepare() throws SQLException {
        var statements = new ArrayList<>(tree.definitions());
        statements.addAll(RandomRows.initial(tree.tables()));
        for (var statement : statements) {
            log.step("setup", statement + ";");
            session.execute(statement);
        }
    }

    /** Creates the tables and their first rows, starts the daemons and waits for their first loads. */
    void load() throws IOException, SQLException {
        world.conditions().forEach(tally::count);
        prepare();
        if (world.has(STEADY_WRITER)) {
            threads.execute(writer::write);
        }
        object();
        for (var daemon : site.daemons()) {
            daemon.bootstrapAndStart(tree.replicaIdentity());
        }
        if (!Raising.mending(tree.root()).isEmpty()) {
            site.daemon().awaitRefusalAfter(0);
        }
        awaitQuiet();
    }

    private void object() throws IOException, SQLException {
        var objections = new Objections(tree, site.daemon(), session, database);
        if (world.has(ROW_SECURITY)) {
            objections.toRowSecurity();
        }
        if (tree.lacksIdentity()) {
            objections.toMissingIdentity();
        }
    }

    /** Runs the next history, and waits at its end until the index is right. */
    void runHistory() throws IOException, SQLException {
        var history = History.random(seed, histories++, tree.tables(), switches);
        log.quiet(history.number());
        writer.resume();
        var clients = new ArrayList<CompletableFuture<Void>>();
        for (int i = 1; i < history.clients().size(); i++) {
            var number = i;
            clients.add(CompletableFuture.runAsync(() -> runClient(history, number, Map.of()), threads));
        }
        runClient(history, 0, history.faults());
        clients.forEach(CompletableFuture::join);
        site.heal();
        awaitQuiet();
    }

    private void awaitQuiet() throws IOException, SQLException {
        writer.pause();
        writer.mustHaveSucceeded();
        for (var statement : Raising.mending(tree.root())) {
            log.step("mend", statement);
            session.connection();
            session.execute(statement);
        }
        site.keepRunning();
        site.errands().settle();
        documents = quietPoint.await(session, site);
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
        site.keepRunning();
        if (fault.strike(site)) {
            tally.count(fault);
        }
    }

    private synchronized void count(Client client) {
        committed += client.committed();
        rolledBack += client.rolledBack();
    }

    /** Asks the daemons to end, which must leave everything stored. */
    void stop() {
        site.daemons().forEach(Daemon::stop);
    }

    /** What struck so far. */
    Tally tally() {
        return tally;
    }

    /** What happened so far, in a line. */
    String summary() {
        return "%s, %d documents; %d histories, %d transactions committed, %d rolled back; %s; %s; %s; %s"
                .formatted(tree, documents, histories, committed, rolledBack, tally, site.unstored(), writer, refusals);
    }

    /** All that is known of a failure, for a person to read. */
    List<String> evidence() {
        var lines = new ArrayList<String>();
        lines.add(schemas(prefix).toPrettyString());
        lines.addAll(tree.definitions());
        lines.addAll(log.sinceQuiet());
        lines.add("pgsync said:");
        site.daemons().forEach(daemon -> lines.add(daemon.output()));
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
        writer.close();
        threads.shutdown();
        site.close();
        session.close();
        servers.servers().removeIndexes(prefix);
        servers.close();
        log.close();
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
