package io.pgsync.runtime.doctor;

import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.catalog.PartitionChanges;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.SchemaWatch;
import io.pgsync.replication.query.PostgresSchemaWatch;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.status.StatusLook;
import io.pgsync.runtime.status.StatusReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Finds the indexes of a database that differ, or may differ, from its tables: by what their states say, and by what a
 * run would notice at its start. An index that was never prepared cannot be wrong.
 */
final class DivergenceFindings {
    private final List<DocumentTree> trees;
    private final StatusReader status;
    private final RepairCommand repair;
    private final SchemaWatch watch;
    private final List<Finding> notKnown = new CopyOnWriteArrayList<>();

    DivergenceFindings(Database database, StatusReader status, RepairCommand repair) {
        this(
                database.trees(),
                status,
                repair,
                notKnown -> new PostgresSchemaWatch(
                        database.connections(), database.names().publication(), database.suspects(), notKnown));
    }

    /** {@code watch} is given a consumer of messages about what it cannot find out now. */
    DivergenceFindings(
            List<DocumentTree> trees,
            StatusReader status,
            RepairCommand repair,
            Function<Consumer<String>, SchemaWatch> watch) {
        this.trees = trees;
        this.status = status;
        this.repair = repair;
        this.watch = watch.apply(message -> notKnown.add(Finding.warning("tables", message, "")));
    }

    Mono<List<Finding>> all() {
        return status.look().flatMap(look -> {
            List<Finding> recorded = status.status(look, look).findings();
            return unnoticed(look).collectList().map(found -> {
                found.addAll(0, recorded);
                found.addAll(notKnown);
                return found;
            });
        });
    }

    /**
     * What no state records yet. Without a slot it looks for none: the missing slot is a finding
     * already.
     */
    private Flux<Finding> unnoticed(StatusLook look) {
        List<DocumentTree> sound = trees.stream()
                .filter(tree -> state(look, tree)
                        .filter(known -> known.diverged().isEmpty())
                        .isPresent())
                .filter(tree -> look.retention().slot().isPresent())
                .toList();
        return sound.isEmpty()
                ? Flux.empty()
                : watch.drifts(sound)
                        .collectList()
                        .flatMapMany(drifts -> Flux.fromIterable(drifts)
                                .map(this::finding)
                                .concatWith(redefined(look, without(drifts, sound))));
    }

    /** A document that drifted is loaded again anyway, so its definitions need no look. */
    private static List<DocumentTree> without(List<Divergence> drifts, List<DocumentTree> trees) {
        return trees.stream()
                .filter(tree -> drifts.stream().noneMatch(drift -> drift.index().equals(tree.index())))
                .toList();
    }

    private Flux<Finding> redefined(StatusLook look, List<DocumentTree> trees) {
        return watch.definitions(trees)
                .flatMapIterable(now -> trees.stream()
                        .flatMap(tree -> changes(state(look, tree), now, tree.index()).stream())
                        .toList());
    }

    private List<Finding> changes(Optional<SyncState> state, Map<String, Definitions> now, String index) {
        return state.flatMap(SyncState::definitions)
                .flatMap(then -> Optional.ofNullable(now.get(index)).map(found -> changes(then, found, index)))
                .orElse(List.of());
    }

    private List<Finding> changes(Definitions then, Definitions now, String index) {
        List<Finding> found = new ArrayList<>(
                now.since(then, index).stream().map(this::finding).toList());
        PartitionChanges partitions = now.partitionsSince(then);
        if (!partitions.isNone()) {
            found.add(Finding.warning(
                    "index " + index,
                    "%s, %s; a run loads the documents that this concerns by itself"
                            .formatted(Kind.PARTITIONS_CHANGED.word(), partitions.words()),
                    ""));
        }
        return found;
    }

    private static Optional<SyncState> state(StatusLook look, DocumentTree tree) {
        return Optional.ofNullable(look.states().get(tree.index()));
    }

    private Finding finding(Divergence found) {
        return Finding.problem(
                "index " + found.index(),
                "%s, %s; %s"
                        .formatted(
                                found.kind().word(),
                                found.what(),
                                found.kind().remedy(repair.of(List.of(found.index())))),
                "");
    }
}
