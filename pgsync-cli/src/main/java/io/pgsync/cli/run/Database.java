package io.pgsync.cli.run;

import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.PostgresConnections;
import io.pgsync.replication.StreamSettings;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One database of the schema file: one slot and one publication serve all documents that the file has of it.
 *
 * @param drifted indexes whose documents cannot be built any more, because their tables changed while they were followed
 * @param suspects indexes of which the server refuses a statement, though it took them when they were loaded
 */
record Database(
        PostgresConnections connections,
        SlotNames names,
        List<DocumentTree> trees,
        List<String> drifted,
        Set<String> suspects) {
    Database {
        trees = List.copyOf(trees);
        drifted = List.copyOf(drifted);
        suspects = Set.copyOf(suspects);
    }

    Database with(SlotNames others) {
        return new Database(connections, others, trees, drifted, suspects);
    }

    Database withSuspects(Set<String> found) {
        return new Database(connections, names, trees, drifted, found);
    }

    /** All indexes of the schema file. */
    List<String> indexes() {
        return Stream.concat(trees.stream().map(DocumentTree::index), drifted.stream())
                .toList();
    }

    StreamSettings stream() {
        return new StreamSettings(names.slot(), names.publication());
    }

    String name() {
        return connections.settings().database();
    }
}
