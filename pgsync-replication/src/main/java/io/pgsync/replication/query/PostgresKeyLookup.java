package io.pgsync.replication.query;

import io.pgsync.core.affected.PathToRoot;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.affected.SourceKeyLookup;
import io.pgsync.replication.connection.PostgresConnections;
import io.r2dbc.spi.Statement;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Walks paths by SQL, one statement each unless a row makes it fail. Safe from any thread. */
public final class PostgresKeyLookup implements SourceKeyLookup {
    /** Rows asked for at a time: a parent with a million roots is fetched through a portal, as there is room for them. */
    private static final int FETCH_SIZE = 1_000;

    private final PostgresConnections connections;
    private final PostgresConnections others;

    /**
     * A walk keeps a connection of {@code walks} until all its roots are taken. Meanwhile it may need one of {@code others}, which nobody may hold
     * who waits for a walk.
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
