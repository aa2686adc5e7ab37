package io.pgsync.replication.preflight;

import io.pgsync.core.change.TableName;
import io.pgsync.replication.PostgresConnections;
import io.pgsync.replication.StreamSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import reactor.core.publisher.Mono;

/** Finds everything that would keep a slot and a publication from working, at once and without changing anything. */
public final class Preflight {
    private final PostgresConnections connections;

    public Preflight(PostgresConnections connections) {
        this.connections = connections;
    }

    /** All findings, those about the server first; an empty list when all is well. */
    public Mono<List<Finding>> check(StreamSettings settings, Collection<TableName> tables) {
        return connections
                .query(ServerFacts.QUERY, ServerFacts::of, settings.slot(), settings.publication())
                .single()
                .flatMap(server -> tables(settings, tables, server.role()).map(ofTables -> {
                    List<Finding> all = new ArrayList<>(server.findings());
                    all.addAll(ofTables);
                    return List.copyOf(all);
                }));
    }

    private Mono<List<Finding>> tables(StreamSettings settings, Collection<TableName> tables, String role) {
        String[] schemas = tables.stream().map(TableName::schema).toArray(String[]::new);
        String[] names = tables.stream().map(TableName::table).toArray(String[]::new);
        return connections
                .query(TableFacts.QUERY, TableFacts::of, schemas, names, settings.publication())
                .concatMapIterable(table -> table.findings(role))
                .collectList();
    }
}
