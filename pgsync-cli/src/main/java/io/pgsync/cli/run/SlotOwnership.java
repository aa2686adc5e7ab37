package io.pgsync.cli.run;

import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.change.TableName;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.PostgresConnections;
import io.pgsync.replication.slot.PublicationMark;
import io.pgsync.replication.slot.Publications;
import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.replication.slot.SlotStatus;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Proves that a slot and a publication are those of a schema file before they are touched: other files may have theirs in the same database.
 * A publication says whom it serves ({@link PublicationMark}); of one that says nothing, the states of the file's indexes do. What nobody
 * knows belongs to somebody else.
 */
final class SlotOwnership {
    private static final Logger log = LoggerFactory.getLogger(SlotOwnership.class);

    private final Settings settings;
    private final SyncStateStore states;

    SlotOwnership(Settings settings, SyncStateStore states) {
        this.settings = settings;
        this.states = states;
    }

    /** The names that a schema file with these indexes has now, as far as the database alone tells; asked for by every command. */
    static Mono<SlotNames> names(Settings settings, PostgresConnections connections, Collection<String> indexes) {
        String database = connections.settings().database();
        return new Publications(connections).marks().map(marks -> SlotNames.choose(settings, database, indexes, marks));
    }

    /** The database with names that it may make and alter: its own where the usual ones serve another file. */
    Mono<Database> claim(Database database) {
        return objection(database)
                .flatMap(objection ->
                        objection.map(words -> beside(database, words)).orElseGet(() -> Mono.just(database)))
                .delayUntil(this::carriesNothingElse)
                .delayUntil(this::isFollowedNowhereElse);
    }

    /** Completes when slot and publication serve this file and no other, or are gone; else fails with STOP. */
    Mono<Void> proveSole(Database database) {
        return objection(database)
                .flatMap(objection -> objection
                        .map(words -> Mono.<Void>error(refusal(database, words)))
                        .orElseGet(Mono::empty))
                .then(Mono.defer(() -> marks(database)))
                .flatMap(marks -> others(marks, database).isEmpty()
                        ? Mono.empty()
                        : Mono.error(refusal(database, serving(others(marks, database)))));
    }

    private Mono<Database> beside(Database database, String objection) {
        SlotNames own = SlotNames.ofItsOwn(settings, database.name(), database.indexes());
        if (settings.isGiven(Setting.PGSYNC_SLOT) || own.equals(database.names())) {
            return Mono.error(refusal(database, objection));
        }
        Database renamed = database.with(own);
        return objection(renamed).flatMap(again -> {
            if (again.isPresent()) {
                return Mono.error(refusal(renamed, again.get()));
            }
            log.warn(
                    "Slot {} {}: this schema file gets a slot and a publication of its own, {}",
                    database.names().slot(),
                    objection,
                    own.slot());
            return Mono.just(renamed);
        });
    }

    /** Why the names of {@code database} are not this file's, in words that follow the name of the slot; empty where they are, or are free. */
    private Mono<Optional<String>> objection(Database database) {
        return marks(database).flatMap(marks -> {
            if (!marks.stream().allMatch(mark -> mark.serves(database.indexes()))) {
                return Mono.just(Optional.of(serving(others(marks, database))));
            }
            // The publication may go with another slot than the one that is named now.
            return marks.stream().anyMatch(mark -> isOfSlot(mark, database))
                    ? Mono.just(Optional.<String>empty())
                    : objectionToSlot(database);
        });
    }

    private Mono<Optional<String>> objectionToSlot(Database database) {
        return slot(database, database.names().slot())
                .flatMap(found -> knownByStates(database))
                .map(known -> known ? Optional.<String>empty() : Optional.of(unknown()))
                .defaultIfEmpty(Optional.empty());
    }

    /** Completes when bootstrap may alter the publication: it is ours, or was made for our tables, or is not there. Else fails with STOP. */
    private Mono<Void> carriesNothingElse(Database database) {
        return ownsPublication(database)
                .filter(ours -> !ours)
                .flatMap(unknown -> new Publications(database.connections())
                        .look(database.names().publication()))
                .flatMap(publication -> {
                    Set<TableName> strange = new TreeSet<>(publication.listed());
                    strange.removeAll(PublishedTables.of(database.trees()));
                    return strange.isEmpty() ? Mono.empty() : Mono.error(strange(database, strange));
                });
    }

    /** Whether its mark says so; of one without a mark, whether the states do and no other publication goes with their slot. */
    Mono<Boolean> ownsPublication(Database database) {
        return new Publications(database.connections()).marks().flatMap(marks -> {
            PublicationMark mark = marks.get(database.names().publication());
            if (mark != null) {
                return Mono.just(mark.serves(database.indexes()));
            }
            return marks.values().stream().anyMatch(other -> isOfSlot(other, database))
                    ? Mono.just(false)
                    : knownByStates(database);
        });
    }

    private static boolean isOfSlot(PublicationMark mark, Database database) {
        return mark.slot().equals(database.names().slot());
    }

    private static String unknown() {
        return "exists, and nothing says that it is this schema file's";
    }

    private static String serving(Collection<String> indexes) {
        return "serves " + String.join(", ", indexes) + ", which this schema file does not have";
    }

    /** Of the publication, and of every other that goes with the same slot. */
    private static Mono<List<PublicationMark>> marks(Database database) {
        return new Publications(database.connections())
                .marks()
                .map(marks -> marks.entrySet().stream()
                        .filter(mark -> mark.getKey().equals(database.names().publication())
                                || isOfSlot(mark.getValue(), database))
                        .map(Map.Entry::getValue)
                        .toList());
    }

    private static Set<String> others(Collection<PublicationMark> marks, Database database) {
        Set<String> indexes =
                marks.stream().flatMap(mark -> mark.indexes().stream()).collect(Collectors.toCollection(TreeSet::new));
        database.indexes().forEach(indexes::remove);
        return indexes;
    }

    private static Mono<SlotStatus> slot(Database database, String name) {
        return new ReplicationSlots(database.connections()).describe(name);
    }

    private Mono<Boolean> knownByStates(Database database) {
        return sources(database)
                .any(source -> source.slot().equals(database.names().slot()));
    }

    /** Where the indexes of the file were loaded from, as far as that is this database. */
    private Flux<SourceIdentity> sources(Database database) {
        return Flux.fromIterable(database.indexes())
                .concatMap(states::load)
                .concatMap(Mono::justOrEmpty)
                .map(StoredState::state)
                .map(SyncState::source)
                .filter(source -> source.database().equals(database.name()));
    }

    /** A document that moved here from another schema file, whose process still runs, would be written by both in turns. */
    private Mono<Void> isFollowedNowhereElse(Database database) {
        return sources(database)
                .map(SourceIdentity::slot)
                .filter(slot -> !slot.equals(database.names().slot()))
                .distinct()
                .concatMap(slot -> slot(database, slot))
                .concatMap(left -> left.isActive() ? Mono.error(followedElsewhere(database, left)) : Mono.just(left))
                .doOnNext(left -> log.warn(
                        "Slot {} was that of documents that are now read from {}; where no other needs it, drop it:"
                                + " SELECT pg_drop_replication_slot('{}');",
                        left.name(),
                        database.names().slot(),
                        left.name()))
                .then();
    }

    private static SyncException followedElsewhere(Database database, SlotStatus left) {
        return new SyncException(
                Remedy.STOP,
                "Documents of this schema file are followed by way of the slot \"%s\" now, and would be read from \"%s\". Stop the process"
                                .formatted(left.name(), database.names().slot())
                        + " that reads it, or take the documents out of one of the schema files");
    }

    private static SyncException strange(Database database, Set<TableName> tables) {
        return new SyncException(
                Remedy.STOP,
                "The publication \"%s\" carries %s, which this schema file does not show, and nothing says that it is this schema file's."
                                .formatted(database.names().publication(), tables)
                        + " Nothing was changed. Set PGSYNC_PUBLICATION to another name for this schema file");
    }

    private static SyncException refusal(Database database, String objection) {
        SlotNames names = database.names();
        return new SyncException(
                Remedy.STOP,
                "The replication slot \"%s\", with the publication \"%s\", %s. Nothing was changed. Set PGSYNC_SLOT to another name for this"
                                .formatted(names.slot(), names.publication(), objection)
                        + " schema file; or give the slot up, with its own schema file and \"pgsync bootstrap --teardown\", or by"
                        + " SELECT pg_drop_replication_slot('%s'); DROP PUBLICATION \"%s\";"
                                .formatted(names.slot(), names.publication()));
    }
}
