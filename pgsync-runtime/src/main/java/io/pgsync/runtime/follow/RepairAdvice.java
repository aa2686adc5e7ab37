package io.pgsync.runtime.follow;

import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.sql.Columns;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Resources;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Completes the message of a gap: the range that may be missing from each index, and the command that repairs it. */
final class RepairAdvice {
    private static final String NOW = "SELECT pg_current_wal_lsn()::text";

    private final SyncStateStore states;
    private final RepairCommand repair;
    private final Function<Database, Mono<String>> ends;

    RepairAdvice(Resources resources) {
        this(resources.states(), resources.repair(), RepairAdvice::endOfLog);
    }

    /** {@code ends}: where the log of a database ends now. */
    RepairAdvice(SyncStateStore states, RepairCommand repair, Function<Database, Mono<String>> ends) {
        this.states = states;
        this.repair = repair;
        this.ends = ends;
    }

    private static Mono<String> endOfLog(Database database) {
        return database.connections()
                .query(NOW, row -> Columns.required(row, 0, String.class))
                .next();
    }

    /** Always an error: the failure of a run on {@code database}, with advice if it is a gap. */
    <T> Mono<T> failed(Database database, SyncException failure) {
        return on(database, failure).flatMap(Mono::error);
    }

    private Mono<SyncException> on(Database database, SyncException failure) {
        if (failure.remedy() != Remedy.REPAIR) {
            return Mono.just(failure);
        }
        return failure instanceof GapException gap
                // Its message names the range already.
                ? Mono.just(advised(gap, List.of(), List.of(gap.index())))
                : ranges(database).map(ranges -> advised(failure, ranges, indexes(database)));
    }

    private static List<String> indexes(Database database) {
        return database.trees().stream().map(DocumentTree::index).toList();
    }

    /** A slot serves all indexes of its database. */
    private Mono<List<String>> ranges(Database database) {
        // The failure must be told even if the server does not answer now.
        Mono<String> now = ends.apply(database).onErrorReturn("now");
        return now.flatMap(end -> Flux.fromIterable(indexes(database))
                .concatMap(index -> states.load(index)
                        .map(stored -> stored.map(found -> "changes from %s to %s may be missing."
                                        .formatted(found.state().stored(), end))
                                .orElse("any of its documents may be out of date."))
                        .onErrorReturn("changes may be missing.")
                        .map(range -> "Index \"" + index + "\": " + range))
                .collectList());
    }

    private SyncException advised(SyncException failure, List<String> ranges, List<String> indexes) {
        String message = failure.getMessage()
                + ranges.stream().map(range -> "\n" + range).collect(Collectors.joining())
                + "\nRepair it with: " + repair.of(indexes);
        return new SyncException(Remedy.REPAIR, message, failure);
    }
}
