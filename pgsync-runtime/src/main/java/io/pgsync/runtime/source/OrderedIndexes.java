package io.pgsync.runtime.source;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The indexes that an order names, and whether they can be had. */
public record OrderedIndexes(List<String> names) {
    public OrderedIndexes {
        names = List.copyOf(names);
    }

    public boolean contains(String index) {
        return names.contains(index);
    }

    /** The documents of a database that are ordered. */
    public List<DocumentTree> of(Database database) {
        return database.trees().stream().filter(tree -> contains(tree.index())).toList();
    }

    /** Fails if the schema file does not have one of them. */
    public void requireKnown(List<Database> found) {
        List<String> known =
                found.stream().flatMap(database -> database.indexes().stream()).toList();
        var unknown = new ArrayList<>(names);
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new SyncException(
                    Remedy.STOP,
                    "The schema file has no document for index " + String.join(", ", unknown) + "; it has "
                            + String.join(", ", known));
        }
    }

    /** Fails if one of them is set aside; other documents of the file may be. */
    public Mono<Void> requireFollowed(List<Database> found, KnownDrifts drifts) {
        return Flux.fromIterable(found)
                .concatMapIterable(Database::drifted)
                .filter(this::contains)
                .concatMap(drifts::refuse)
                .then();
    }
}
