package io.pgsync.runtime.follow;

import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.runtime.report.WalStatus;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.status.Amounts;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Drops a slot that would fill the server's disk. The indexes stay and still answer searches. Their states record that
 * changes are missing from now on, so that no later run takes them for complete.
 */
final class SlotRelease {
    private static final Logger log = LoggerFactory.getLogger(SlotRelease.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int MOST_POLLS = 150;
    private static final Duration RECORDING = Duration.ofSeconds(30);

    private final String slot;
    private final Collection<String> indexes;
    private final Mono<Void> drop;
    private final SyncStateStore states;

    /** {@code drop} drops the slot; it is tried again until the stream of the slot has ended. */
    SlotRelease(String slot, Collection<String> indexes, Mono<Void> drop, SyncStateStore states) {
        this.slot = slot;
        this.indexes = List.copyOf(indexes);
        this.drop = drop;
        this.states = states;
    }

    static SlotRelease of(Database database, SyncStateStore states) {
        String slot = database.names().slot();
        return new SlotRelease(
                slot,
                database.trees().stream().map(DocumentTree::index).toList(),
                new ReplicationSlots(database.connections()).drop(slot),
                states);
    }

    /** Must be called after the stream was closed. Always fails: with REPAIR once the slot is dropped. */
    <T> Mono<T> release(WalStatus full) {
        return drop
                // The server frees a slot a moment after its stream ended.
                .retryWhen(Retry.fixedDelay(MOST_POLLS, POLL)
                        .filter(Remedy::passes)
                        .onRetryExhaustedThrow((retry, signal) -> signal.failure()))
                .thenMany(Flux.fromIterable(indexes))
                .concatMap(index -> record(index, full))
                .then(Mono.error(() -> dropped(slot, full)));
    }

    /** Without this record the missing slot still shows the gap, so an engine that is away delays nothing for long. */
    private Mono<StoredState> record(String index, WalStatus full) {
        return states.update(index, state -> Mono.just(state.withDiverged(gap(state, full))))
                .timeout(RECORDING)
                .onErrorResume(failure -> {
                    log.warn("The gap of index {} is not recorded: {}", index, failure.getMessage());
                    return Mono.empty();
                });
    }

    private static Diverged gap(SyncState known, WalStatus full) {
        return Diverged.gap(known.stored(), full.look().current(), reason(full));
    }

    private static String reason(WalStatus full) {
        return "the slot was dropped when it kept %s of the server's log, because %s"
                .formatted(Amounts.bytes(full.retained()), full.cause().text());
    }

    private static SyncException dropped(String slot, WalStatus full) {
        return new SyncException(
                Remedy.REPAIR,
                "Slot %s kept %s of the server's log, its budget is %s, because %s. It was dropped, as the WAL budget action says."
                                .formatted(
                                        slot,
                                        Amounts.bytes(full.retained()),
                                        Amounts.bytes(full.budget().bytes()),
                                        full.cause().text())
                        + " The indexes stay as they are, without later changes.");
    }
}
