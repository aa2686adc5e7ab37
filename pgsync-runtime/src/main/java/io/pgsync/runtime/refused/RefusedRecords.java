package io.pgsync.runtime.refused;

import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.refusal.Refusal;
import io.pgsync.core.refusal.RefusalStore;
import io.pgsync.core.schema.SchemaDocument;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.runtime.config.PgsyncConfig;
import io.pgsync.runtime.config.RefusedSelection;
import io.pgsync.runtime.config.SchemaText;
import io.pgsync.runtime.report.RefusedOfIndex;
import io.pgsync.runtime.source.Resources;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The refused documents of a schema file as states and records have them; asks only the engine. */
public final class RefusedRecords {
    /** The process that follows writes the records too, mostly once a second or less. */
    private static final int MOST_CONFLICTS = 20;

    private final List<String> indexes;
    private final SyncStateStore states;
    private final RefusalStore records;

    RefusedRecords(List<String> indexes, SyncStateStore states, RefusalStore records) {
        this.indexes = indexes;
        this.states = states;
        this.records = records;
    }

    /** Fails if the schema file is wrong. */
    public static RefusedRecords of(Resources resources) {
        return new RefusedRecords(
                indexes(resources.placed().text(), resources.config()), resources.states(), resources.refusals());
    }

    private static List<String> indexes(SchemaText schema, PgsyncConfig config) {
        byte[] text = schema.text().getBytes(StandardCharsets.UTF_8);
        return SchemaReader.read(schema.source(), text, config.variables()).documents().stream()
                .map(SchemaDocument::index)
                .toList();
    }

    /** What is refused of the selection: each index with such documents, in the order of the schema file. */
    public Mono<List<RefusedOfIndex>> list(RefusedSelection selection) {
        return Flux.fromIterable(selected(selection))
                .concatMap(index -> ofIndex(index, selection))
                .filter(found -> found.count() > 0)
                .collectList();
    }

    private List<String> selected(RefusedSelection selection) {
        var unknown = new ArrayList<>(selection.indexes());
        unknown.removeAll(indexes);
        if (!unknown.isEmpty()) {
            throw new SyncException(
                    Remedy.STOP,
                    "The schema file has no document for index " + String.join(", ", unknown) + "; it has "
                            + String.join(", ", indexes));
        }
        return indexes.stream().filter(selection::hasIndex).toList();
    }

    private Mono<RefusedOfIndex> ofIndex(String index, RefusedSelection selection) {
        return states.load(index)
                .flatMap(Mono::justOrEmpty)
                .map(StoredState::state)
                .zipWith(records.refusals(index))
                .map(found -> together(found.getT1(), found.getT2().value(), selection));
    }

    private static RefusedOfIndex together(SyncState state, List<Refusal> recorded, RefusedSelection selection) {
        var refused = new HashSet<>(state.refused());
        // A run that sets an index aside writes the records last, and the state does not name these documents any more.
        List<Refusal> current = recorded.stream()
                .filter(record -> state.isSetAside() || refused.contains(record.id()))
                .toList();
        Set<String> known = current.stream().map(Refusal::id).collect(Collectors.toSet());
        return new RefusedOfIndex(
                state.index(),
                current.stream().filter(selection::has).toList(),
                state.refused().stream()
                        .filter(Predicate.not(known::contains))
                        .filter(selection::hasUnrecorded)
                        .toList());
    }

    /** Removes records, and nothing else; gives their number. */
    public Mono<Long> forget(RefusedSelection selection) {
        return Flux.fromIterable(selected(selection))
                .concatMap(index -> forget(index, selection))
                .reduce(0L, Long::sum);
    }

    private Mono<Long> forget(String index, RefusedSelection selection) {
        return records.refusals(index)
                .flatMap(found -> {
                    List<Refusal> rest = found.value().stream()
                            .filter(Predicate.not(selection::has))
                            .toList();
                    long gone = (long) found.value().size() - rest.size();
                    return gone == 0
                            ? Mono.just(0L)
                            : records.replaceRefusals(index, found, rest).thenReturn(gone);
                })
                .retryWhen(Retry.max(MOST_CONFLICTS)
                        .filter(StateConflictException.class::isInstance)
                        .onRetryExhaustedThrow((retry, signal) -> signal.failure()));
    }
}
