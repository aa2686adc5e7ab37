package io.pgsync.replication.query;

import io.pgsync.core.affected.PathToRoot;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.affected.SourceKeyLookup;
import io.pgsync.replication.connection.PostgresConnections;
import io.r2dbc.spi.Statement;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Walks paths with SQL, one statement each unless a row makes it fail. Safe from any thread. */
public final class PostgresKeyLookup implements SourceKeyLookup {
    /**
     * Rows per fetch: the roots above a row, perhaps a million, are fetched through a portal, as fast as there is room
     * for them.
     */
    private static final int FETCH_SIZE = 1_000;

    private final PostgresConnections connections;
    private final PostgresConnections others;

    /**
     * A walk keeps a connection of {@code walks} until all its roots are taken, and may need one of {@code others}
     * meanwhile. So code that waits for a walk must not hold a connection of {@code others}.
     */
    public PostgresKeyLookup(PostgresConnections walks, PostgresConnections others) {
        this.connections = walks;
        this.others = others;
    }

    @Override
    public Flux<RootKey> rootsAbove(PathToRoot path, Start start, List<List<String>> values) {
        var walk = new KeyWalkSql(path, start);
        String index = path.tree().index();
        var raw = new RawKeys(connections, others, index, walk.keySize());
        return new DividedWalk(
                        path,
                        rows -> walked(walk, index, rows),
                        rows -> raw.of(
                                walk.sql(), statement -> walk.condition().bind(statement, rows), none -> Mono.empty()))
                .from(values);
    }

    private Flux<RootKey> walked(KeyWalkSql walk, String index, List<List<String>> rows) {
        return connections.use(connection -> {
            Statement statement = connection.createStatement(walk.sql()).fetchSize(FETCH_SIZE);
            walk.condition().bind(statement, rows);
            return Flux.from(statement.execute())
                    .concatMap(result ->
                            result.map((row, metadata) -> new RootKey(index, KeyTexts.of(row, walk.keySize()))));
        });
    }
}
