package io.pgsync.torture;

import io.pgsync.torture.fault.Troubles;
import io.pgsync.torture.report.Tally;
import io.pgsync.torture.report.TortureFailure;
import io.pgsync.torture.server.OwnServers;
import io.pgsync.torture.world.Switches;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * {@code pgsync torture}: tree after tree, of which each has some histories. The first tree has the seed given, each following one the next
 * number. Stops at the first thing that is wrong.
 */
public final class Torture {
    /** So many histories are run on a tree before the next one. */
    public static final int HISTORIES_OF_A_TREE = 20;

    private final Consumer<String> out;
    private final OwnServers servers;
    private final Switches switches;
    private final Tally tally = new Tally();

    /** {@code out} takes one line after another. */
    public Torture(Consumer<String> out, OwnServers servers, Switches switches) {
        this.out = out;
        this.servers = servers;
        this.switches = switches;
    }

    /** Blocks until {@code histories} are done or {@code time} is over. Throws {@link TortureFailure} at the first that is wrong. */
    public void run(long seed, int histories, Duration time) throws IOException, SQLException {
        var end = System.nanoTime() + time.toNanos();
        var done = 0;
        for (long each = seed; done < histories && System.nanoTime() < end; each++) {
            var planned = Math.min(HISTORIES_OF_A_TREE, histories - done);
            runTree(each, planned, end);
            done += planned;
        }
        out.accept("Struck: " + tally.complete(Troubles.all().filter(switches::isOn)));
        out.accept("Every document was right at every quiet point.");
    }

    private void runTree(long seed, int histories, long end) throws IOException, SQLException {
        var directory = Files.createTempDirectory("pgsync-torture");
        try (var run = TreeRun.open(servers, seed, switches, directory)) {
            runHistories(run, seed, histories, end, directory);
            tally.add(run.tally());
        }
        TreeRun.delete(directory);
    }

    private void runHistories(TreeRun run, long seed, int histories, long end, Path directory)
            throws IOException, SQLException {
        var start = System.nanoTime();
        var done = 0;
        try {
            run.load();
            for (; done < histories && System.nanoTime() < end; done++) {
                run.runHistory();
            }
            run.stop();
            var seconds = (System.nanoTime() - start) / 1e9;
            out.accept("seed %d: %s; right (%.0f s)".formatted(seed, run.summary(), seconds));
        } catch (TortureFailure failure) {
            run.evidence().forEach(out);
            out.accept(String.valueOf(failure.getMessage()));
            out.accept("seed %d: %s".formatted(seed, run.summary()));
            out.accept("Again: pgsync torture --seed %d --histories %d%s%s; everything is in %s"
                    .formatted(
                            seed,
                            done + 1,
                            switches.options(),
                            servers.versions().options(),
                            directory));
            throw new TortureFailure(
                    "seed %d, history %d: %s\n%s".formatted(seed, done + 1, failure.getMessage(), run.lastWords()));
        }
    }
}
