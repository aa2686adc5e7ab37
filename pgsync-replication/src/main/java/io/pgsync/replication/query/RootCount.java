package io.pgsync.replication.query;

import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.sql.Columns;
import io.pgsync.replication.sql.SqlNames;
import java.util.ArrayList;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Counts roots. Reads only; of a large table, it reads all. */
public final class RootCount {
    private final PostgresConnections connections;

    public RootCount(PostgresConnections connections) {
        this.connections = connections;
    }

    /** The roots that have a document, and match {@code condition} over the root's columns, if there is one. */
    public Mono<Long> of(DocumentTree tree, Optional<String> condition) {
        var conditions = new ArrayList<String>();
        // The line break ends a comment in the condition.
        tree.root().where().ifPresent(own -> conditions.add("((" + own + "\n))"));
        condition.ifPresent(more -> conditions.add("((" + more + "\n))"));
        String sql = "SELECT count(*) FROM "
                + SqlNames.quoted(tree.root().table().name())
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
        return connections
                .query(sql, row -> Columns.required(row, 0, Long.class))
                .next();
    }

    /** The rows of the root's table that match {@code condition}, whether they have a document or not. */
    public Mono<Long> ofRows(DocumentTree tree, String condition) {
        String sql =
                "SELECT count(*) FROM " + SqlNames.quoted(tree.root().table().name()) + " WHERE (" + condition + "\n)";
        return connections
                .query(sql, row -> Columns.required(row, 0, Long.class))
                .next();
    }
}
