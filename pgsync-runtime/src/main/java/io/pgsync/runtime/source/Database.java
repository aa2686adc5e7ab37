package io.pgsync.runtime.source;

import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.ServerIdentity;
import io.pgsync.replication.stream.StreamSettings;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * One database of the schema file: one slot and one publication serve all documents that the file builds from it.
 *
 * @param documents the name of each index in the schema file, where it is not that of the index
 * @param drifted indexes that are set aside. Their documents are not followed, mostly because they can no longer be
 *     built
 * @param suspects indexes of which the server refuses a statement, although it accepted them when they were loaded
 */
public record Database(
        PostgresConnections connections,
        SlotNames names,
        Map<String, String> documents,
        List<DocumentTree> trees,
        List<String> drifted,
        Set<String> suspects) {
    public Database {
        documents = Map.copyOf(documents);
        trees = List.copyOf(trees);
        drifted = List.copyOf(drifted);
        suspects = Set.copyOf(suspects);
    }

    public Database with(SlotNames others) {
        return new Database(connections, others, documents, trees, drifted, suspects);
    }

    public Database withSuspects(Set<String> found) {
        return new Database(connections, names, documents, trees, drifted, found);
    }

    /** The same database, with {@code indexes} among those that are not followed. */
    public Database without(Collection<String> indexes) {
        return new Database(
                connections,
                names,
                documents,
                trees.stream().filter(tree -> !indexes.contains(tree.index())).toList(),
                Stream.concat(drifted.stream(), indexes.stream()).toList(),
                suspects);
    }

    /** The name of an index in the schema file. */
    public String documentOf(String index) {
        return documents.getOrDefault(index, index);
    }

    /** All indexes of the schema file. */
    public List<String> indexes() {
        return Stream.concat(trees.stream().map(DocumentTree::index), drifted.stream())
                .toList();
    }

    /** The names in the schema file of all its documents. */
    public List<String> documentNames() {
        return indexes().stream().map(this::documentOf).distinct().toList();
    }

    public StreamSettings stream() {
        return new StreamSettings(names.slot(), names.publication());
    }

    /** The name of the lease of its slot: one for each slot of each server. */
    public Mono<String> leaseName() {
        return ServerIdentity.systemIdentifier(connections).map(server -> names.slot() + "@" + server);
    }

    public String name() {
        return connections.settings().database();
    }
}
