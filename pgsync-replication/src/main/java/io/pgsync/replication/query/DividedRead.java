package io.pgsync.replication.query;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.failure.Remedy;
import io.pgsync.replication.connection.PostgresFailures;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads the documents of roots with one statement. If the server cannot make a document of one row (a json value with
 * {@code \u0000}, a cast that fails, a function that raises an error), the statement fails for all of them. Then the
 * rest is read in halves, until the row is alone; only its document is refused. No document is given twice.
 */
final class DividedRead {
    private static final String TYPE = "source_failure";

    private final DocumentIds ids;
    private final Function<List<List<String>>, Flux<DocumentChange>> statement;
    private final Function<List<String>, Mono<Boolean>> canBeKey;
    private final RowFaults faults;

    /**
     * {@code statement} reads the existing documents of some keys; {@code canBeKey}: whether texts are values of the key's
     * types, so that some row may have them.
     */
    DividedRead(
            DocumentIds ids,
            Function<List<List<String>>, Flux<DocumentChange>> statement,
            Function<List<String>, Mono<Boolean>> canBeKey,
            RowFaults faults) {
        this.ids = ids;
        this.statement = statement;
        this.canBeKey = canBeKey;
        this.faults = faults;
    }

    /** One change for each root, a delete if its row does not exist. Fails if rows are not at fault. */
    Flux<DocumentChange> of(Collection<RootKey> roots) {
        return Flux.defer(() -> {
            var missing = new LinkedHashMap<String, RootKey>();
            roots.forEach(root -> missing.putIfAbsent(ids.idOf(root.key()), root));
            return read(missing)
                    .onErrorResume(
                            PostgresFailures::mayBeOfARow,
                            failure -> faults.unlessOfTheStatement(statement.apply(List.of()))
                                    .thenMany(divided(missing, failure)));
        });
    }

    private Flux<DocumentChange> of(Map<String, RootKey> missing) {
        return read(missing).onErrorResume(PostgresFailures::mayBeOfARow, failure -> divided(missing, failure));
    }

    private Flux<DocumentChange> read(Map<String, RootKey> missing) {
        return Flux.defer(() -> statement.apply(keysOf(missing)))
                .doOnNext(found -> {
                    missing.remove(found.id());
                    faults.passed();
                })
                .concatWith(Flux.defer(() ->
                        Flux.fromIterable(missing.entrySet()).map(gone -> new Delete(gone.getValue(), gone.getKey()))));
    }

    private Flux<DocumentChange> divided(Map<String, RootKey> missing, Throwable failure) {
        if (missing.size() < 2) {
            return PostgresFailures.remedyOf(failure) == Remedy.RETRY
                    ? read(missing).onErrorResume(PostgresFailures::mayBeOfARow, again -> refused(missing, again))
                    : refused(missing, failure);
        }
        var entries = new ArrayList<>(missing.entrySet());
        int half = entries.size() / 2;
        return Flux.just(entries.subList(0, half), entries.subList(half, entries.size()))
                .concatMap(part -> of(mapOf(part)), 1);
    }

    private Flux<DocumentChange> refused(Map<String, RootKey> culprit, Throwable failure) {
        return Flux.defer(() -> Flux.fromIterable(Map.copyOf(culprit).entrySet()))
                .concatMap(root -> canBeKey.apply(root.getValue().key())
                        .flatMap(can -> can
                                ? refused(root.getValue(), root.getKey(), failure)
                                : Mono.just(new Delete(root.getValue(), root.getKey()))));
    }

    private Mono<DocumentChange> refused(RootKey root, String id, Throwable failure) {
        return faults.unlessOfEveryRow(failure)
                .then(Mono.fromSupplier(
                        () -> new Failed(root, id, new byte[0], TYPE, PostgresFailures.serverMessage(failure))));
    }

    private static Map<String, RootKey> mapOf(List<Map.Entry<String, RootKey>> entries) {
        var map = new LinkedHashMap<String, RootKey>();
        entries.forEach(entry -> map.put(entry.getKey(), entry.getValue()));
        return map;
    }

    private static List<List<String>> keysOf(Map<String, RootKey> roots) {
        return roots.values().stream().map(RootKey::key).toList();
    }
}
