package io.pgsync.replication.preflight;

import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.replication.PostgresConnections;
import io.pgsync.replication.StreamSettings;
import io.pgsync.replication.catalog.PartitionIdentity;
import java.util.Collection;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looks at a server without changing anything: what keeps a slot and a publication from working, and what may hurt later. */
public final class Preflight {
    private final PostgresConnections connections;

    public Preflight(PostgresConnections connections) {
        this.connections = connections;
    }

    /** What is not as it must be for replication, those about the server first; an empty list when all is well. */
    public Mono<List<Finding>> check(StreamSettings settings, Collection<TableName> tables) {
        return needs(settings, tables).filter(finding -> !finding.isFine()).collectList();
    }

    /** Everything that is worth knowing, good or bad, in a fixed order. */
    public Mono<List<Finding>> examine(StreamSettings settings, Collection<TableName> tables) {
        return Flux.concat(
                        needs(settings, tables),
                        connections
                                .query(RetentionFacts.QUERY, RetentionFacts::of)
                                .flatMapIterable(RetentionFacts::findings),
                        slots(settings),
                        connections
                                .query(OldTransaction.QUERY, OldTransaction::of)
                                .map(OldTransaction::finding),
                        connections.query(Leftover.QUERY, Leftover::of).map(Leftover::finding))
                .collectList();
    }

    private Flux<Finding> needs(StreamSettings settings, Collection<TableName> tables) {
        return connections
                .query(ServerFacts.QUERY, ServerFacts::of, settings.slot(), settings.publication())
                .single()
                .flatMapMany(server ->
                        Flux.concat(Flux.fromIterable(server.findings()), tables(settings, tables, server.role())));
    }

    private Flux<Finding> slots(StreamSettings settings) {
        return connections.query(HeldSlot.QUERY, HeldSlot::of).map(slot -> slot.finding(settings.slot()));
    }

    private Flux<Finding> tables(StreamSettings settings, Collection<TableName> tables, String role) {
        String[] schemas = tables.stream().map(TableName::schema).toArray(String[]::new);
        String[] names = tables.stream().map(TableName::table).toArray(String[]::new);
        return connections
                .query(TableFacts.QUERY, TableFacts::of, schemas, names, settings.publication())
                .concatMapIterable(table -> table.findings(role))
                .concatWith(PartitionIdentity.weaker(connections, tables).map(Preflight::finding));
    }

    private static Finding finding(PartitionIdentity weaker) {
        String subject = "partition " + weaker.partition();
        String identity = "ALTER TABLE %s REPLICA IDENTITY ".formatted(TableFacts.quoted(weaker.partition()));
        return weaker.namesRows()
                ? Finding.warning(
                        subject,
                        "its replica identity is not that of \"%s\", so the log does not carry the old ends of its rows' links: they are looked up in the index"
                                .formatted(weaker.table()),
                        identity + "FULL; -- partitions do not inherit it")
                : Finding.problem(
                        subject,
                        "its replica identity leaves out the primary key of \"%s\", so the log does not say which row was changed"
                                .formatted(weaker.table()),
                        identity + "DEFAULT; -- or FULL");
    }
}
