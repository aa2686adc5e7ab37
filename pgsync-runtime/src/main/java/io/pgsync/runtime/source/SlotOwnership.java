package io.pgsync.runtime.source;

import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.change.TableName;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.elasticsearch.state.ElasticsearchStateStore;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.slot.Publication;
import io.pgsync.replication.slot.PublicationMark;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.runtime.config.GivenNames;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Proves that a slot and a publication belong to a schema file before they are touched: other files may have theirs in
 * the same database. A publication says whom it serves ({@link PublicationMark}); for one that does not, the states of
 * all indexes say it. If nothing says it, they belong to somebody else.
 */
public final class SlotOwnership {
    private static final Logger log = LoggerFactory.getLogger(SlotOwnership.class);

    private final GivenNames given;
    private final SyncStateStore states;
    private final Mono<Map<String, SourceIdentity>> sources;
    private final Function<Database, Occupancy> occupancies;

    public SlotOwnership(GivenNames given, ElasticsearchStateStore states) {
        this(given, states, Mono.defer(states::sources), database -> new Occupancy.OfServer(database.connections()));
    }

    /** {@code sources}: where each index of any schema file was loaded from. */
    SlotOwnership(
            GivenNames given,
            SyncStateStore states,
            Mono<Map<String, SourceIdentity>> sources,
            Function<Database, Occupancy> occupancies) {
        this.given = given;
        this.states = states;
        this.sources = sources;
        this.occupancies = occupancies;
    }

    /**
     * The current names of a schema file with these indexes, as far as the database alone tells. Every command asks for
     * them.
     */
    static Mono<SlotNames> names(GivenNames given, PostgresConnections connections, Collection<String> documents) {
        String database = connections.settings().database();
        return new Occupancy.OfServer(connections)
                .marks()
                .map(marks -> SlotNames.choose(given, database, documents, marks));
    }

    /** The database with names that it may create and alter: names of its own if the usual ones serve another file. */
    public Mono<Database> claim(Database database) {
        return objection(database)
                .flatMap(objection ->
                        objection.map(words -> beside(database, words)).orElseGet(() -> Mono.just(database)))
                .delayUntil(this::carriesNothingElse)
                .delayUntil(this::isFollowedNowhereElse);
    }

    /** Completes if slot and publication serve this file and no other, or are gone; otherwise fails with STOP. */
    public Mono<Void> proveSole(Database database) {
        return objection(database)
                .flatMap(objection -> objection
                        .map(words -> Mono.<Void>error(SlotRefusals.refusal(database, words)))
                        .orElseGet(Mono::empty))
                .then(Mono.defer(() -> marks(database)))
                .flatMap(marks -> others(marks, database).isEmpty()
                        ? Mono.empty()
                        : Mono.error(SlotRefusals.refusal(database, SlotRefusals.serving(others(marks, database)))));
    }

    private Mono<Database> beside(Database database, String objection) {
        SlotNames own = SlotNames.ofItsOwn(
                given, database.name(), database.documentNames().get(0));
        if (given.slot().isPresent() || own.equals(database.names())) {
            return Mono.error(SlotRefusals.refusal(database, objection));
        }
        Database renamed = database.with(own);
        return objection(renamed).flatMap(again -> {
            if (again.isPresent()) {
                return Mono.error(SlotRefusals.refusal(renamed, again.get()));
            }
            return occupancies
                    .apply(database)
                    .publication(own.publication())
                    .filter(publication -> !publication.isKeptByUs())
                    .flatMap(unmarked ->
                            Mono.<Database>error(SlotRefusals.unmarked(database, objection, own, unmarked.keptBy())))
                    .switchIfEmpty(Mono.fromSupplier(() -> tellOwn(database, objection, renamed)));
        });
    }

    private static Database tellOwn(Database database, String objection, Database renamed) {
        log.warn(
                "Slot {} {}: this schema file gets a slot and a publication of its own, {}",
                database.names().slot(),
                objection,
                renamed.names().slot());
        return renamed;
    }

    /**
     * Why the names of {@code database} are not this file's, in words that follow the name of the slot; empty if they
     * are, or are free.
     */
    private Mono<Optional<String>> objection(Database database) {
        return marks(database).flatMap(marks -> {
            if (!marks.stream().allMatch(mark -> mark.serves(database.documentNames()))) {
                return Mono.just(Optional.of(SlotRefusals.serving(others(marks, database))));
            }
            // The publication may belong to another slot than the one that is named now.
            return marks.stream().anyMatch(mark -> isOfSlot(mark, database))
                    ? Mono.just(Optional.<String>empty())
                    : objectionToSlot(database);
        });
    }

    private Mono<Optional<String>> objectionToSlot(Database database) {
        return slot(database, database.names().slot())
                .flatMap(found -> knownByStates(database))
                .map(known -> known ? Optional.<String>empty() : Optional.of(SlotRefusals.unknown()))
                .defaultIfEmpty(Optional.empty());
    }

    /**
     * Completes if bootstrap may use the publication. That is so if it is ours, was made for our tables only, does not
     * exist yet, or if others keep it: such a one is used as it is. Otherwise fails with STOP.
     */
    private Mono<Void> carriesNothingElse(Database database) {
        return ownsPublication(database)
                .filter(ours -> !ours)
                .flatMap(unknown -> publication(database))
                .filter(Publication::isKeptByUs)
                .flatMap(publication -> {
                    Set<TableName> strange = new TreeSet<>(publication.listed());
                    strange.removeAll(PublishedTables.of(database.trees()));
                    return strange.isEmpty() ? Mono.empty() : Mono.error(SlotRefusals.strange(database, strange));
                });
    }

    /**
     * Whether the mark of the publication says so; without a mark, whether the states do and no other publication
     * belongs to their slot.
     */
    public Mono<Boolean> ownsPublication(Database database) {
        return occupancies.apply(database).marks().flatMap(marks -> {
            PublicationMark mark = marks.get(database.names().publication());
            if (mark != null) {
                return Mono.just(mark.serves(database.documentNames()));
            }
            return marks.values().stream().anyMatch(other -> isOfSlot(other, database))
                    ? Mono.just(false)
                    : knownByStates(database);
        });
    }

    private static boolean isOfSlot(PublicationMark mark, Database database) {
        return mark.slot().equals(database.names().slot());
    }

    /**
     * The marks of the publication, and of every other one of the same slot. If no comment names the slot, what the
     * states say about it.
     */
    private Mono<List<PublicationMark>> marks(Database database) {
        return occupancies
                .apply(database)
                .marks()
                .map(marks -> marks.entrySet().stream()
                        .filter(mark -> mark.getKey().equals(database.names().publication())
                                || isOfSlot(mark.getValue(), database))
                        .map(Map.Entry::getValue)
                        .toList())
                .flatMap(marks -> marks.stream().anyMatch(mark -> isOfSlot(mark, database))
                        ? Mono.just(marks)
                        : isTaken(database)
                                .filter(taken -> taken)
                                .flatMap(taken -> followers(database))
                                .map(indexes -> new PublicationMark(
                                        database.name(), database.names().slot(), indexes))
                                .map(said -> Stream.concat(marks.stream(), Stream.of(said))
                                        .toList())
                                .defaultIfEmpty(marks));
    }

    /** States outlive what they name: if slot and publication are gone, the names are free. */
    private Mono<Boolean> isTaken(Database database) {
        return slot(database, database.names().slot())
                .hasElement()
                .flatMap(
                        there -> there ? Mono.just(true) : publication(database).map(Publication::exists));
    }

    /** The indexes, of any schema file, that were loaded through the slot; empty if there are none. */
    private Mono<Set<String>> followers(Database database) {
        return sources.zipWith(occupancies.apply(database).systemIdentifier())
                .map(found -> found.getT1().entrySet().stream()
                        .filter(index -> index.getValue().systemIdentifier().equals(found.getT2())
                                && index.getValue().database().equals(database.name())
                                && index.getValue()
                                        .slot()
                                        .equals(database.names().slot()))
                        .map(Map.Entry::getKey)
                        .map(database::documentOf)
                        .collect(Collectors.toSet()))
                .filter(indexes -> !indexes.isEmpty());
    }

    private static Set<String> others(Collection<PublicationMark> marks, Database database) {
        Set<String> indexes =
                marks.stream().flatMap(mark -> mark.indexes().stream()).collect(Collectors.toCollection(TreeSet::new));
        database.documentNames().forEach(indexes::remove);
        return indexes;
    }

    private Mono<SlotStatus> slot(Database database, String name) {
        return occupancies.apply(database).slot(name);
    }

    private Mono<Publication> publication(Database database) {
        return occupancies.apply(database).publication(database.names().publication());
    }

    private Mono<Boolean> knownByStates(Database database) {
        return sources(database)
                .any(source -> source.slot().equals(database.names().slot()));
    }

    /** The sources from which the indexes of the file were loaded, as far as they are this database. */
    private Flux<SourceIdentity> sources(Database database) {
        return Flux.fromIterable(database.indexes())
                .concatMap(states::load)
                .concatMap(Mono::justOrEmpty)
                .map(StoredState::state)
                .map(SyncState::source)
                .filter(source -> source.database().equals(database.name()));
    }

    /**
     * Fails for a document that moved here from another schema file whose process still runs: both would write it in
     * turns.
     */
    private Mono<Void> isFollowedNowhereElse(Database database) {
        return sources(database)
                .map(SourceIdentity::slot)
                .filter(slot -> !slot.equals(database.names().slot()))
                .distinct()
                .concatMap(slot -> slot(database, slot))
                .concatMap(left ->
                        left.isActive() ? Mono.error(SlotRefusals.followedElsewhere(database, left)) : Mono.just(left))
                .doOnNext(left -> log.warn(
                        "Slot {} was that of documents that are now read from {}; where no other needs it, drop it:"
                                + " SELECT pg_drop_replication_slot('{}');",
                        left.name(),
                        database.names().slot(),
                        left.name()))
                .then();
    }
}
