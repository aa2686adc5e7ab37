package io.pgsync.cli.run;

import io.pgsync.core.schema.DocumentTree;
import io.pgsync.replication.PostgresConnections;
import io.pgsync.replication.StreamSettings;
import java.util.List;

/** One database of the schema file: one slot and one publication serve all its documents. */
record Database(PostgresConnections connections, SlotNames names, List<DocumentTree> trees) {
    Database {
        trees = List.copyOf(trees);
    }

    StreamSettings stream() {
        return new StreamSettings(names.slot(), names.publication());
    }

    String name() {
        return connections.settings().database();
    }
}
