package io.pgsync.torture.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.torture.client.Session;
import io.pgsync.torture.fault.Site;
import io.pgsync.torture.report.TortureFailure;
import io.pgsync.torture.server.Engine;
import io.pgsync.torture.server.Servers;
import io.pgsync.torture.server.TreeServers;
import io.pgsync.torture.truth.DocumentComparison;
import io.pgsync.torture.truth.RowByRowTruth;
import io.pgsync.torture.truth.TrueDocument;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Compares every document with the truth while nobody changes anything. A document that is too large for a request is
 * on record as refused, and stays as it was before it grew; it is compared again once it has shrunk.
 */
public final class QuietPoint {
    /** As long as nothing moves in the index. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration MOST_PATIENCE = Duration.ofMinutes(15);
    private static final Duration PAUSE = Duration.ofMillis(150);
    /** A look at all documents is work for the engine, which must have more time for the writes. */
    private static final int PAUSES_PER_LOOK = 3;

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
        var tooLarge = tooLarge(truth);
        var begin = System.nanoTime();
        var moved = begin;
        var before = "";
        while (true) {
            site.keepRunning();
            var asked = System.nanoTime();
            var answer = servers.servers().search(prefix);
            var looked = System.nanoTime();
            var wentBack = versions.observe(answer);
            if (!wentBack.isEmpty()) {
                throw new TortureFailure("Versions went back\n" + String.join("\n", wentBack));
            }
            var differences = differences(truth, TrueDocument.ofHits(answer, index -> index), tooLarge);
            if (differences.isEmpty()) {
                return truth.size();
            }
            moved = differences.equals(before) ? moved : looked;
            before = differences;
            if (looked - moved > PATIENCE.toNanos() || looked - begin > MOST_PATIENCE.toNanos()) {
                throw new TortureFailure("The index differs from a rebuild\n" + differences);
            }
            LockSupport.parkNanos(Math.max(PAUSE.toNanos(), PAUSES_PER_LOOK * (looked - asked)));
        }
    }

    private static Set<String> tooLarge(List<TrueDocument> truth) {
        return truth.stream()
                .filter(document -> document.source().toString().length() > Engine.LARGEST_DOCUMENT)
                .map(TrueDocument::key)
                .collect(Collectors.toSet());
    }

    /** Of each index, because a document may have two while one is to take the place of the other. */
    private String differences(List<TrueDocument> truth, List<TrueDocument> found, Set<String> tooLarge) {
        var wrong = new ArrayList<String>();
        var byIndex = found.stream().collect(Collectors.groupingBy(TrueDocument::index));
        byIndex.forEach((index, documents) -> {
            var name = Servers.nameOf(index, prefix);
            wrong.add(DocumentComparison.orderedDifferences(
                    truth.stream()
                            .filter(document -> document.index().equals(name))
                            .filter(document -> !tooLarge.contains(document.key()))
                            .toList(),
                    documents.stream()
                            .map(document -> document.in(name))
                            .filter(document -> !tooLarge.contains(document.key()))
                            .toList()));
        });
        var names = byIndex.keySet().stream()
                .map(index -> Servers.nameOf(index, prefix))
                .collect(Collectors.toSet());
        wrong.add(DocumentComparison.orderedDifferences(
                truth.stream()
                        .filter(document -> !names.contains(document.index()))
                        .toList(),
                List.of()));
        wrong.removeIf(String::isEmpty);
        return String.join("\n", wrong);
    }
}
