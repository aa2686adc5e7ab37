package io.pgsync.replication.query;

import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresFailures;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looks whether root rows are there, without making their documents. Safe from any thread. */
public final class RootRows {
    private final PostgresConnections connections;
    private final DocumentSql sql;
    private final DocumentIds ids;

    /** The roots of {@code tree}. */
    public RootRows(PostgresConnections connections, DocumentTree tree) {
        this.connections = connections;
        this.sql = new DocumentSql(tree);
        this.ids = DocumentIds.of(tree);
    }

    /**
     * For each of these roots that is there and matches the condition of the tree: by its id, a mark that changes
     * whenever the row is written, also if it is deleted and comes back. The mark is empty for rows of views, which
     * tell nothing of that kind, and if the role may read some columns only. Empty as a whole if the server fails on one
     * of the rows.
     */
    public Mono<Optional<Map<String, String>>> marks(List<List<String>> keys) {
        return keys.isEmpty()
                ? Mono.just(Optional.of(Map.of()))
                : marked(keys, true)
                        .onErrorResume(PostgresFailures::isOfARight, failure -> marked(keys, false))
                        .collectMap(Map.Entry::getKey, Map.Entry::getValue)
                        .map(Optional::of)
                        .onErrorResume(PostgresFailures::mayBeOfARow, failure -> Mono.just(Optional.empty()));
    }

    private Flux<Map.Entry<String, String>> marked(List<List<String>> keys, boolean wanted) {
        return connections.use(connection -> {
            Statement statement = connection.createStatement(sql.marksByKeys(wanted));
            sql.keys().bind(statement, keys);
            return Flux.from(statement.execute())
                    .concatMap(result -> result.map((row, metadata) -> Map.entry(
                            ids.idOf(KeyTexts.of(row, sql.keySize())),
                            Objects.requireNonNull(row.get(sql.keySize(), String.class)))));
        });
    }
}
