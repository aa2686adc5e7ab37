package io.pgsync.torture.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.torture.client.Session;
import io.pgsync.torture.fault.Site;
import io.pgsync.torture.report.TortureFailure;
import io.pgsync.torture.server.Servers;
import io.pgsync.torture.server.TreeServers;
import io.pgsync.torture.truth.DocumentComparison;
import io.pgsync.torture.truth.RowByRowTruth;
import io.pgsync.torture.truth.TrueDocument;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Compares every document with the truth while nobody changes anything. */
public final class QuietPoint {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(150);

    private final TreeServers servers;
    private final String prefix;
    private final JsonNode schema;
    private final Versions versions = new Versions();

    /** {@code schema} bears the names of the indexes without {@code prefix}. */
    public QuietPoint(TreeServers servers, String prefix, JsonNode schema) {
        this.servers = servers;
        this.prefix = prefix;
        this.schema = schema;
    }

    /** Waits until the index is right, and throws if it does not become so. Returns the number of documents. */
    public int await(Session session, Site site) throws IOException, SQLException {
        var truth = RowByRowTruth.of(session.connection(), schema);
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            site.keepRunning();
            var answer = servers.servers().search(prefix);
            var wentBack = versions.observe(answer);
            if (!wentBack.isEmpty()) {
                throw new TortureFailure("Versions went back\n" + String.join("\n", wentBack));
            }
            var differences = DocumentComparison.orderedDifferences(
                    truth, TrueDocument.ofHits(answer, index -> Servers.nameOf(index, prefix)));
            if (differences.isEmpty()) {
                return truth.size();
            }
            if (System.nanoTime() > deadline) {
                throw new TortureFailure("The index differs from a rebuild\n" + differences);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
