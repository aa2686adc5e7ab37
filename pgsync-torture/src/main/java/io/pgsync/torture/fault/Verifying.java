package io.pgsync.torture.fault;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.torture.fault.Damage.Place;
import io.pgsync.torture.process.Daemon;
import io.pgsync.torture.process.Daemon.Outcome;
import io.pgsync.torture.report.TortureFailure;
import io.pgsync.torture.tree.Node;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody damages stored documents by hand and has the index verified and repaired. All that nobody has meanwhile put right must be
 * found, and nothing else. What comes of the repair, the next quiet point shows. A command that other faults end is given again.
 */
final class Verifying implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String RESULT = "{\"indexes\":";

    private final Damage damage;
    private final Daemon daemon;
    private final Errand errand;
    private boolean mayDiffer;

    Verifying(Daemon daemon, Damage damage) {
        this.daemon = daemon;
        this.damage = damage;
        this.errand = new Errand(daemon, "verify");
    }

    /** False where there is no document, and while the index is verified. */
    boolean goOn() throws IOException, SQLException {
        if (errand.isUnderWay()) {
            return false;
        }
        look();
        if (!damage.add()) {
            return false;
        }
        begin();
        return true;
    }

    private void begin() throws IOException {
        errand.begin(List.of("--repair", "--json"));
    }

    /** Documents may be wrong without anybody's hand, up to the next quiet point. */
    void mayDiffer() {
        mayDiffer = true;
    }

    /** Has all damage mended; the daemon must run, and nothing be wrong with the servers. */
    void settle() throws IOException {
        var right = look();
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!right && !damage.isNone()) {
            daemon.keepRunning();
            begin();
            right = look();
            if (!right && System.nanoTime() > deadline) {
                throw new TortureFailure("pgsync verify --repair does not mend the index, see its last output");
            }
        }
        damage.clear();
        mayDiffer = false;
    }

    /** At the end of the last command, if there is one: whether it says that nothing is wrong any more. */
    private boolean look() throws IOException {
        Optional<Outcome> ended = errand.end();
        Optional<JsonNode> result = ended.isEmpty() ? Optional.empty() : result(ended.get());
        if (result.isEmpty()) {
            return false;
        }
        var found = new HashSet<Place>();
        var untold = 0;
        for (var index : result.get().path("indexes")) {
            if (!index.path("complete").asBoolean()) {
                return false;
            }
            index.path("differences")
                    .forEach(each -> found.add(new Place(
                            index.path("index").asText(), each.path("id").asText())));
            untold += index.path("undecided").asInt() + index.path("refused").asInt();
        }
        judge(found, untold, ended.get());
        return ended.get().code() == 0 && untold == 0;
    }

    private static Optional<JsonNode> result(Outcome ended) throws IOException {
        var line =
                ended.output().lines().filter(each -> each.startsWith(RESULT)).findFirst();
        return line.isEmpty() ? Optional.empty() : Optional.of(Node.JSON.readTree(line.get()));
    }

    /** {@code untold}: so many documents it does not say anything about. */
    private void judge(Set<Place> found, int untold, Outcome ended) throws IOException {
        var wrong = new ArrayList<String>();
        found.stream()
                .filter(place -> !damage.has(place) && !mayDiffer)
                .forEach(place -> wrong.add(place + " is said to differ, and nobody damaged it"));
        var missed = damage.untouched();
        missed.removeAll(found);
        if (missed.size() > untold) {
            missed.forEach(place -> wrong.add(place + " is damaged, and was not found"));
        }
        if (!wrong.isEmpty()) {
            throw new TortureFailure(
                    "%s\n%s:\n%s".formatted(String.join("\n", wrong), ended.command(), ended.output()));
        }
    }

    @Override
    public void close() {
        errand.close();
    }
}
