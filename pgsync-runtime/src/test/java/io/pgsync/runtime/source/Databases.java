package io.pgsync.runtime.source;

import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Tables;
import io.pgsync.core.tree.Trees;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Databases whose server is nowhere: whoever asks it fails. */
public final class Databases {
    private Databases() {}

    /** The database shop, with an index for each table of the same name. */
    public static Database shop(String... indexes) {
        return named("shop", Stream.of(indexes).map(Databases::tree).toArray(DocumentTree[]::new));
    }

    public static Database named(String name, DocumentTree... trees) {
        return new Database(
                PostgresConnections.to(PostgresSettings.plain("nowhere.invalid", 1, name, "pgsync", ""), 1),
                new SlotNames("pgsync", "pgsync"),
                Map.of(),
                List.of(trees),
                List.of(),
                Set.of());
    }

    /** Of a table that is called as the index is. */
    public static DocumentTree tree(String index) {
        return Trees.document(
                "'index': '%s', 'nodes': {'table': '%s'}".formatted(index, index), Tables.table(index, "id int4 pk"));
    }
}
