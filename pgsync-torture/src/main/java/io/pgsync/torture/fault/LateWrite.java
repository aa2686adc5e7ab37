package io.pgsync.torture.fault;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.torture.client.Session;
import io.pgsync.torture.proxy.Obstacles;
import io.pgsync.torture.report.StepLog;
import io.pgsync.torture.server.TreeServers;
import io.pgsync.torture.tree.Node;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps a write of a document from the engine until the document is deleted and the engine has forgotten that it ever was: a deleted
 * document's version does not survive a flush and a restart.
 */
final class LateWrite {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Node root;
    private final TreeServers servers;
    private final String prefix;
    private final Obstacles obstacles;
    private final Session control;
    private final StepLog log;
    private int number;

    /** {@code obstacles}: those on the way to the engine. */
    LateWrite(Node root, TreeServers servers, String prefix, Obstacles obstacles, Session control, StepLog log) {
        this.root = root;
        this.servers = servers;
        this.prefix = prefix;
        this.obstacles = obstacles;
        this.control = control;
        this.log = log;
    }

    /** False where no document could be had for it. */
    boolean outlivesItsDelete() throws IOException, SQLException {
        var early = "early write %d.".formatted(++number);
        var late = "late write %d.".formatted(number);
        if (!changes("UPDATE %s SET name = '%s' WHERE %s".formatted(table(), early, anyRow()))) {
            return false;
        }
        var id = await(() -> idOf(early));
        if (id.isEmpty()) {
            return false;
        }
        obstacles.refuse(late);
        try {
            return changes("UPDATE %s SET name = '%s' WHERE name = '%s'".formatted(table(), late, early))
                    && await(() -> obstacles.refused() > 0 ? Optional.of(late) : Optional.empty())
                            .isPresent()
                    && changes("DELETE FROM %s WHERE name = '%s'".formatted(table(), late))
                    && forget(id.get());
        } finally {
            obstacles.refuseNothing();
        }
    }

    /** Whether the document goes at once or has to wait for the write is up to pgsync. */
    private boolean forget(String id) throws IOException {
        await(() -> isThere(id) ? Optional.empty() : Optional.of(id));
        servers.servers().flush(prefix);
        servers.engine().restart();
        return true;
    }

    private String table() {
        return root.table().name();
    }

    private String anyRow() {
        var key = String.join(", ", root.table().keyNames());
        return "(%s) = (SELECT %s FROM %s WHERE %s LIMIT 1)"
                .formatted(key, key, table(), root.written().path("where").asText("true"));
    }

    private boolean changes(String change) {
        log.step("control", change);
        try (var statement = control.connection().createStatement()) {
            return statement.executeUpdate(change) > 0;
        } catch (SQLException refused) {
            log.step("control", "-- refused: " + refused.getMessage());
            return false;
        }
    }

    private Optional<String> idOf(String text) throws IOException {
        for (var hit : hits()) {
            if (hit.path("_source").toString().contains(text)) {
                return Optional.of(hit.path("_id").asText());
            }
        }
        return Optional.empty();
    }

    private boolean isThere(String id) throws IOException {
        for (var hit : hits()) {
            if (hit.path("_id").asText().equals(id)) {
                return true;
            }
        }
        return false;
    }

    private Iterable<JsonNode> hits() throws IOException {
        return Node.JSON.readTree(servers.servers().search(prefix)).path("hits").path("hits");
    }

    private interface Look {
        Optional<String> now() throws IOException;
    }

    private static Optional<String> await(Look look) throws IOException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            var found = look.now();
            if (found.isPresent()) {
                return found;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return Optional.empty();
    }
}
