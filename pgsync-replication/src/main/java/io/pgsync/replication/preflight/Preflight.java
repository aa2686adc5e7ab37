package io.pgsync.replication.preflight;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.replication.catalog.PartitionIdentity;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.TableLockedException;
import io.pgsync.replication.slot.Publication;
import io.pgsync.replication.slot.Publications;
import io.pgsync.replication.slot.WriteHazard;
import io.pgsync.replication.sql.SqlNames;
import io.pgsync.replication.stream.StreamSettings;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Looks at a server without changing anything: what would prevent a slot or a publication from working, and what may
 * cause trouble later.
 */
public final class Preflight {
    private final PostgresConnections connections;

    public Preflight(PostgresConnections connections) {
        this.connections = connections;
    }

    /**
     * Everything that is not as replication needs it, the server's settings first; empty if all is well. Fails with
     * {@link TableLockedException} while somebody has locked a table exclusively.
     *
     * @param excused tables that may be without a replica identity
     */
    public Mono<List<Finding>> check(StreamSettings settings, Collection<WantedTable> tables, Set<TableName> excused) {
        return needs(settings, tables, excused)
                .filter(finding -> !finding.isFine())
                .collectList();
    }

    /** Everything worth knowing, good or bad or not known now, in a fixed order. Parameters as in {@link #check}. */
    public Mono<List<Finding>> examine(
            StreamSettings settings, Collection<WantedTable> tables, Set<TableName> excused) {
        return Flux.concat(
                        orNotKnown(needs(settings, tables, excused)),
                        orNotKnown(published(settings, tables)),
                        connections
                                .query(RetentionFacts.QUERY, RetentionFacts::of)
                                .flatMapIterable(RetentionFacts::findings),
                        slots(settings),
                        connections
                                .query(OldTransaction.QUERY, OldTransaction::of)
                                .map(OldTransaction::finding),
                        connections.query(Leftover.QUERY, Leftover::of).map(Leftover::finding))
                .distinct()
                .collectList();
    }

    private static Flux<Finding> orNotKnown(Flux<Finding> findings) {
        return findings.onErrorResume(TableLockedException.class, locked -> Flux.just(locked.finding("tables")));
    }

    private Flux<Finding> needs(StreamSettings settings, Collection<WantedTable> tables, Set<TableName> excused) {
        return connections
                .query(ServerFacts.QUERY, ServerFacts::of, settings.slot(), settings.publication())
                .single()
                .flatMapMany(server -> Flux.concat(
                        Flux.fromIterable(server.findings()),
                        new Publications(connections)
                                .look(settings.publication())
                                .flatMapMany(now -> tables(now, tables, server.role())),
                        identities(tables, excused)));
    }

    private Flux<Finding> slots(StreamSettings settings) {
        return connections.query(HeldSlot.QUERY, HeldSlot::of).map(slot -> slot.finding(settings.slot()));
    }

    private Flux<Finding> tables(Publication publication, Collection<WantedTable> tables, String role) {
        String[] schemas = tables.stream().map(table -> table.name().schema()).toArray(String[]::new);
        String[] names = tables.stream().map(table -> table.name().table()).toArray(String[]::new);
        String[] columns = tables.stream().map(Preflight::columns).toArray(String[]::new);
        Flux<Finding> ofTables = connections
                .query(TableFacts.QUERY, TableFacts::of, schemas, names, columns)
                .concatMapIterable(table -> table.findings(role, publication));
        return publication.isKeptByUs()
                ? ofTables
                : Flux.concat(Mono.just(publication.finding(names(tables), role)), ofTables);
    }

    /** JSON, because arrays of the server cannot have rows of different lengths. */
    private static String columns(WantedTable table) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        table.columns().forEach(array::add);
        return array.toString();
    }

    private Flux<Finding> identities(Collection<WantedTable> tables, Set<TableName> excused) {
        return WriteHazard.of(connections, names(tables))
                .collectList()
                .flatMapMany(hazards -> Flux.concat(
                        Flux.fromIterable(hazards).map(hazard -> finding(hazard, excused)),
                        partitions(tables, hazards)
                                .filter(weaker -> !excused.contains(weaker.table()))
                                .map(Preflight::finding)));
    }

    private static Finding finding(WriteHazard hazard, Set<TableName> excused) {
        return excused.contains(hazard.wanted())
                ? Finding.fine(
                        "table " + hazard.holder(), "no replica identity, as said: it takes INSERT and TRUNCATE alone")
                : hazard.finding();
    }

    /** Partitions that log too little although the server accepts UPDATE and DELETE on them. */
    private Flux<PartitionIdentity> partitions(Collection<WantedTable> tables, List<WriteHazard> hazards) {
        Set<TableName> without = hazards.stream().map(WriteHazard::holder).collect(Collectors.toSet());
        return PartitionIdentity.weaker(connections, names(tables))
                .filter(weaker -> !without.contains(weaker.partition()));
    }

    private static Finding finding(PartitionIdentity weaker) {
        String subject = "partition " + weaker.partition();
        String identity = "ALTER TABLE %s REPLICA IDENTITY ".formatted(SqlNames.quoted(weaker.partition()));
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

    /** Only about a publication that exists and is ours to use: bootstrap creates a missing one, and repairs it. */
    private Flux<Finding> published(StreamSettings settings, Collection<WantedTable> tables) {
        return new Publications(connections)
                .look(settings.publication())
                .filter(now -> now.exists() && now.isKeptByUs())
                .flatMapIterable(now -> now.unpublished(names(tables)).entrySet())
                .map(table -> Finding.problem(
                        "publication " + settings.publication(),
                        "it does not have every change of " + table.getKey() + ", " + table.getValue(),
                        "pgsync bootstrap mends it, and has what was missed loaded"));
    }

    private static List<TableName> names(Collection<WantedTable> tables) {
        return tables.stream().map(WantedTable::name).toList();
    }
}
