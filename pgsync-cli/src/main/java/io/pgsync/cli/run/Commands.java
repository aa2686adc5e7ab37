package io.pgsync.cli.run;

import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.Terminal;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.runtime.Pgsync;
import io.pgsync.runtime.config.BackfillOrder;
import io.pgsync.runtime.config.ReindexOrder;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import io.pgsync.runtime.report.ReindexedDocument;
import io.pgsync.runtime.report.RunFigures;
import io.pgsync.runtime.report.RunFigures.IndexFigures;
import io.pgsync.runtime.report.RunListener;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** The commands on a schema file, after their options are settled. All methods block until they are done. */
public final class Commands {
    private static final Logger log = LoggerFactory.getLogger(Commands.class);

    private final Settings settings;
    private final Terminal terminal;

    /** {@code terminal} shows progress. */
    public Commands(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    /** Creates what is missing; may be repeated, also after a failure half-way. */
    public ExitCode bootstrap() {
        return bootstrap(ReplicaIdentityMode.KEEP);
    }

    /**
     * As {@link #bootstrap()}, and also sets the replica identities, which decide what the log has of old rows. Creates
     * nothing before both servers are ready.
     */
    public ExitCode bootstrap(ReplicaIdentityMode identities) {
        pgsync().bootstrap(identities).block();
        return ExitCode.OK;
    }

    /**
     * Loads indexes again, here or in the process that follows them; ends when that is done. After {@code stop} the
     * request remains.
     */
    public ExitCode backfill(BackfillOrder order, Mono<Void> stop) {
        return ExitCode.of(
                pgsync().backfill(order, stop, display(false)).blockOptional().orElseThrow());
    }

    /** Replaces indexes, or takes that back; tells what became of each. */
    public ExitCode reindex(ReindexOrder order, Mono<Void> stop) {
        List<ReindexedDocument> documents =
                pgsync().reindex(order, stop, display(false)).blockOptional().orElse(List.of());
        ReindexText.lines(order, documents).forEach(log::info);
        return documents.stream().allMatch(ReindexedDocument::isDone) ? ExitCode.OK : ExitCode.FAILURE;
    }

    /** Removes everything that bootstrap created except the indexes. */
    public ExitCode tearDown() {
        pgsync().tearDown().block();
        return ExitCode.OK;
    }

    /** Follows every change until {@code stop} signals, then stores and confirms what is under way. */
    public ExitCode follow(Mono<Void> stop) {
        ended(pgsync().follow(stop, display(true)));
        return ExitCode.OK;
    }

    /** Ends when everything that was committed before the call is in the indexes. */
    public ExitCode catchUp(Mono<Void> stop) {
        List<RunFigures> ended = ended(pgsync().catchUp(stop, display(true)));
        // A run that ends by itself is no success if an index has a divergence.
        return ExitCode.of(ended.stream()
                .flatMap(figures -> figures.indexes().values().stream())
                .map(IndexFigures::divergence)
                .flatMap(divergence -> divergence.stream()));
    }

    private static List<RunFigures> ended(Mono<List<RunFigures>> run) {
        List<RunFigures> ended = run.blockOptional().orElseThrow();
        ended.forEach(new StatusLine(true)::log);
        return ended;
    }

    private RunListener display(boolean hasEndpoints) {
        return new RunDisplay(terminal, settings, hasEndpoints);
    }

    private Pgsync pgsync() {
        return RunConfigs.pgsync(settings);
    }
}
