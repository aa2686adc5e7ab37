package io.pgsync.runtime.status;

import io.pgsync.core.audit.AuditProgress;
import io.pgsync.core.audit.AuditStore;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.PlacementStore.StoredPlacement;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.handover.WorkLog;
import io.pgsync.core.sink.IndexOwnership;
import io.pgsync.replication.retention.Cause;
import io.pgsync.replication.retention.Growth;
import io.pgsync.replication.retention.Retention;
import io.pgsync.replication.retention.SlotWatch;
import io.pgsync.replication.retention.WalBudget;
import io.pgsync.runtime.config.PgsyncConfig;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.report.DatabaseStatus;
import io.pgsync.runtime.report.DocumentStatus;
import io.pgsync.runtime.report.ReindexStatus;
import io.pgsync.runtime.report.WalStatus;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Resources;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Finds out the status of one database. It asks only the two servers and changes nothing, so it may run on the machine
 * of the daemon or far from it.
 */
public final class StatusReader {
    private static final Duration ENGINE_PATIENCE = Duration.ofSeconds(5);
    private static final String ENGINE = "The search engine";
    private static final String LOG = "The log of work";

    private final Subject subject;
    private final Mono<Retention> looks;
    private final SyncStateStore states;
    private final AuditStore audits;
    private final IndexOwnership indexes;
    private final Optional<Long> budget;
    private final Mono<List<Placement>> placements;
    private final Optional<WorkLog> log;

    /**
     * What the report is about.
     *
     * @param expected the estimated number of documents of each index
     * @param repair the command to advise if changes are missing
     */
    public record Subject(
            String database, String slot, List<String> indexes, Map<String, Long> expected, RepairCommand repair) {
        public Subject {
            indexes = List.copyOf(indexes);
            expected = Map.copyOf(expected);
        }
    }

    /** {@code looks} at the slot; {@code budget}: bytes that the user allows, if any. */
    public StatusReader(
            Subject subject,
            Mono<Retention> looks,
            SyncStateStore states,
            AuditStore audits,
            IndexOwnership indexes,
            Optional<Long> budget) {
        this(subject, looks, states, audits, indexes, budget, Mono.just(List.of()), Optional.empty());
    }

    /** The same with what is asked for each look: reindexes, and a log of work. */
    StatusReader(
            Subject subject,
            Mono<Retention> looks,
            SyncStateStore states,
            AuditStore audits,
            IndexOwnership indexes,
            Optional<Long> budget,
            Mono<List<Placement>> placements,
            Optional<WorkLog> log) {
        this.placements = placements;
        this.log = log;
        this.subject = subject;
        this.looks = looks;
        this.states = states;
        this.audits = audits;
        this.indexes = indexes;
        this.budget = budget;
    }

    /** The reader for {@code database}. */
    public static Mono<StatusReader> of(Resources resources, Database database) {
        return resources.documents().expected(database).map(expected -> of(resources, database, expected));
    }

    /** The same with what {@link Resources#expected} gave. */
    public static StatusReader of(Resources resources, Database database, Map<String, Long> expected) {
        PgsyncConfig config = resources.config();
        String slot = database.names().slot();
        return new StatusReader(
                new Subject(database.name(), slot, database.indexes(), expected, resources.repair()),
                new SlotWatch(database.connections(), slot).look(),
                resources.states(),
                resources.audits(),
                resources.ownership(),
                config.bounds().wal().wished(),
                Mono.defer(() -> resources.placements().load(database.documentNames()))
                        .map(found ->
                                found.stream().map(StoredPlacement::placement).toList()),
                resources.workLog(database));
    }

    /** One look. Fails if the source does not answer; if the engine does not answer, the result says so. */
    public Mono<StatusLook> look() {
        // After the look at the slot: the log is told first.
        return looks.flatMap(retention -> logged(retention).flatMap(logged -> withStates(retention, logged)));
    }

    private Mono<StatusLook.Logged> logged(Retention retention) {
        Lsn confirmed = StatusLook.confirmed(retention);
        return log.map(found -> found.look()
                        .timeout(ENGINE_PATIENCE)
                        .map(look -> StatusLook.Logged.of(look, confirmed))
                        .onErrorResume(failure -> Mono.just(StatusLook.Logged.away(words(LOG, failure)))))
                .orElseGet(() -> Mono.just(StatusLook.Logged.without(confirmed)));
    }

    private Mono<StatusLook> withStates(Retention retention, StatusLook.Logged logged) {
        return Flux.fromIterable(subject.indexes())
                .concatMap(states::load)
                .flatMapIterable(found -> found.stream().toList())
                .collectMap(stored -> stored.state().index(), stored -> stored.state())
                .flatMap(found -> uuids(found.keySet())
                        .flatMap(uuids -> Mono.zip(histories(uuids.keySet()), audits(found.keySet()), placements)
                                .map(more -> new StatusLook(
                                        retention,
                                        logged,
                                        found,
                                        uuids,
                                        more.getT1(),
                                        more.getT2(),
                                        Optional.empty(),
                                        more.getT3()))))
                .timeout(ENGINE_PATIENCE)
                .onErrorResume(
                        failure -> failure instanceof SyncException || failure instanceof TimeoutException,
                        failure -> Mono.just(new StatusLook(
                                retention,
                                logged,
                                Map.of(),
                                Map.of(),
                                Map.of(),
                                Map.of(),
                                Optional.of(words(ENGINE, failure)),
                                List.of())));
    }

    private Mono<Map<String, String>> uuids(Collection<String> names) {
        return Flux.fromIterable(names)
                .concatMap(name -> indexes.indexUuid(name).map(uuid -> Map.entry(name, uuid)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private Mono<Map<String, Map<String, String>>> histories(Collection<String> names) {
        return Flux.fromIterable(names)
                .concatMap(name -> indexes.histories(name)
                        // If something is unknown about one index, this says nothing against it and hides no other.
                        .onErrorReturn(Map.of())
                        .map(shards -> Map.entry(name, shards)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private Mono<Map<String, AuditProgress>> audits(Collection<String> names) {
        return Flux.fromIterable(names)
                .concatMap(name -> audits.load(name).flatMap(Mono::justOrEmpty).map(found -> Map.entry(name, found)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private static String words(String who, Throwable failure) {
        return failure instanceof TimeoutException
                ? "%s has not answered for %d s".formatted(who, ENGINE_PATIENCE.toSeconds())
                : String.valueOf(failure.getMessage());
    }

    /** The status as of the later look; rates are measured between the two. */
    public DatabaseStatus status(StatusLook earlier, StatusLook later) {
        Retention now = later.retention();
        var wal = new WalStatus(
                now,
                WalBudget.of(budget, now),
                Growth.between(earlier.retention(), now),
                Cause.of(now, later.takers()));
        List<DocumentStatus> documents = subject.indexes().stream()
                .map(index -> new DocumentDiagnosis(subject, earlier, later).of(index))
                .toList();
        List<ReindexStatus> reindexes = later.placements().stream()
                .flatMap(placement -> ReindexStatus.of(placement).stream())
                .toList();
        return new DatabaseStatus(
                subject.database(), subject.slot(), wal, later.logged().status(), documents, reindexes);
    }

    static Optional<SyncState> state(StatusLook look, String index) {
        return Optional.ofNullable(look.states().get(index));
    }
}
