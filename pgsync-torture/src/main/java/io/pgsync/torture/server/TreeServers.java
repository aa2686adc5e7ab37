package io.pgsync.torture.server;

import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.embedded.postgres.StopMode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The servers of one tree: a PostgreSQL of its own, and an engine that others used before. All methods block. */
public final class TreeServers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(100);
    /** Meanwhile applications commit what only the former primary has. */
    private static final Duration LOST_TIME = Duration.ofMillis(300);

    private final Engine engine;
    private final int major;
    private final Optional<ReadReplica> replica;
    private final Optional<Broker> broker;
    /** Those that others have taken the place of; they go on. */
    private final List<EmbeddedPostgres> former = new ArrayList<>();

    private final HttpClient http = HttpClient.newHttpClient();
    private volatile EmbeddedPostgres postgres;

    /** {@code broker}: in which work waits, if it does. */
    TreeServers(EmbeddedPostgres postgres, int major, boolean hasReplica, Optional<Broker> broker, Engine engine) {
        this.broker = broker;
        this.engine = engine;
        this.major = major;
        this.replica = hasReplica ? Optional.of(ReadReplica.of(postgres)) : Optional.empty();
        this.postgres = postgres;
    }

    /** As they are now. */
    public Servers servers() {
        return new Servers(postgres, engine.server(), http);
    }

    /** In which work waits; empty if it waits in the daemon. */
    public Optional<Broker> broker() {
        return broker;
    }

    public Engine engine() {
        return engine;
    }

    /** Where clients find the database now. Safe from any thread. */
    public InetSocketAddress postgresAddress() {
        return new InetSocketAddress(postgres.host(), postgres.port());
    }

    /** Whether standbys of this PostgreSQL can keep slots in step. */
    public boolean canKeepSlots() {
        return major >= KeptSlots.FIRST_MAJOR;
    }

    /** Of the first primary; others take its place, and it follows none of them. */
    public Optional<ReadReplica> replica() {
        return replica;
    }

    public void restartPostgres() {
        postgres.stop(StopMode.FAST);
        postgres.start();
    }

    public void crashPostgres() {
        postgres.kill();
        postgres.start();
    }

    /**
     * A standby takes the place of the primary, which goes on and is told nothing: only those who connect anew find the other one. That
     * they do the server asks of applications at once, and of pgsync for its stream alone.
     */
    public void failOver() throws SQLException {
        var standby = postgres.standby();
        awaitFollowing(postgres);
        takeThePlace(standby);
    }

    /**
     * The same with a standby that keeps the slots in step; every second one lacks the last commits. False, and nothing happens, where the
     * server did not bring the copies so far.
     */
    public boolean promote() throws SQLException {
        var standby = KeptSlots.standbyOf(postgres);
        if (standby.isEmpty()) {
            return false;
        }
        if (former.size() % 2 == 0) {
            KeptSlots.cutOff(standby.get());
            LockSupport.parkNanos(LOST_TIME.toNanos());
        }
        takeThePlace(standby.get());
        return true;
    }

    private void takeThePlace(EmbeddedPostgres standby) throws SQLException {
        var old = postgres;
        former.add(old);
        standby.promote();
        postgres = standby;
        try (var connection = connect(old);
                var statement = connection.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                    + " AND backend_type IN ('client backend', 'walsender')"
                    + " AND (backend_type = 'walsender' OR application_name NOT LIKE 'pgsync%')");
        }
    }

    /** Whether it has everything then is up to chance. */
    private static void awaitFollowing(EmbeddedPostgres primary) throws SQLException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isFollowed(primary) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static boolean isFollowed(EmbeddedPostgres primary) throws SQLException {
        try (var connection = connect(primary);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT FROM pg_stat_replication r WHERE state = 'streaming'"
                        + " AND NOT EXISTS (SELECT FROM pg_replication_slots s WHERE s.active_pid = r.pid)")) {
            return rows.next();
        }
    }

    private static Connection connect(EmbeddedPostgres server) throws SQLException {
        return DriverManager.getConnection(
                server.jdbcUrl(PostgresServer.MAINTENANCE_DATABASE), server.user(), server.password());
    }

    /**
     * Kills a node that has a primary shard of the indexes whose names begin with {@code prefix}, and starts it again once another node
     * has it. False where there is no other node.
     */
    public boolean losePrimary(String prefix) throws IOException {
        if (!engine.isCluster()) {
            return false;
        }
        var before = servers().primaries(prefix);
        if (before.isEmpty()) {
            return false;
        }
        var node = engine.node(before.get(0));
        node.kill();
        try {
            awaitPrimaries(prefix, before.size(), before.get(0));
        } finally {
            node.start();
        }
        return true;
    }

    /** In vain, if the shard has no copy. */
    private void awaitPrimaries(String prefix, int count, String lostNode) throws IOException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> now;
        do {
            LockSupport.parkNanos(PAUSE.toNanos());
            now = servers().primaries(prefix);
        } while (System.nanoTime() < deadline && (now.size() < count || now.contains(lostNode)));
    }

    /** The engine stays. */
    @Override
    public void close() {
        replica.ifPresent(ReadReplica::close);
        postgres.close();
        former.forEach(EmbeddedPostgres::close);
    }
}
