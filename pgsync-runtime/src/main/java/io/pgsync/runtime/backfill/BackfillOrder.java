package io.pgsync.runtime.backfill;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.runtime.source.Database;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What is to be loaded again.
 *
 * @param indexes of the schema file's documents
 * @param where only the roots that match this SQL condition; without it all of them
 */
public record BackfillOrder(List<String> indexes, Optional<String> where) {
    public BackfillOrder {
        indexes = List.copyOf(indexes);
    }

    /** Whole indexes. */
    public static BackfillOrder of(String... indexes) {
        return new BackfillOrder(List.of(indexes), Optional.empty());
    }

    /** Fails when an index is not one of the file's. */
    void check(Collection<Database> databases) {
        List<String> known = databases.stream()
                .flatMap(database -> database.indexes().stream())
                .toList();
        var unknown = new ArrayList<>(indexes);
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new SyncException(
                    Remedy.STOP,
                    "The schema file has no document for index " + String.join(", ", unknown) + "; it has "
                            + String.join(", ", known));
        }
    }

    /** The documents of a database that are concerned. */
    List<DocumentTree> of(Database database) {
        return database.trees().stream()
                .filter(tree -> indexes.contains(tree.index()))
                .toList();
    }
}
