package io.pgsync.replication.slot;

import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.connection.LockWait;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresFailures;
import io.pgsync.replication.connection.TableLockedException;
import io.pgsync.replication.slot.Publication.Keeper;
import io.pgsync.replication.slot.Publication.Membership;
import io.pgsync.replication.sql.Columns;
import io.pgsync.replication.sql.ReplicationNames;
import io.pgsync.replication.sql.SnapshotWait;
import io.pgsync.replication.sql.SqlNames;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Keeps a publication at exactly the tables from which documents are built. Partitioned tables are published as one. A
 * table is never published if the server would then refuse UPDATE or DELETE on it.
 */
public final class Publications {
    private static final Logger log = LoggerFactory.getLogger(Publications.class);

    // FOR TABLES IN SCHEMA and row filters exist since version 15; pg_depend has the schemas in every version. A table
    // that was added, but is missing in pg_publication_tables, is a part of a table that is published too.
    private static final String LOOK = """
            SELECT p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate AND p.pubviaroot,
                   obj_description(p.oid, 'pg_publication'),
                   t.schema, t.name, t.listed, t.published, t.filtered,
                   CASE WHEN p.puballtables OR EXISTS (
                                 SELECT FROM pg_depend d
                                  WHERE d.refclassid = 'pg_publication'::regclass AND d.refobjid = p.oid
                                    AND d.classid = to_regclass('pg_catalog.pg_publication_namespace')) THEN 'NOBODY'
                        WHEN pg_has_role(current_user, p.pubowner, 'USAGE') THEN 'US'
                        ELSE 'ANOTHER_ROLE' END
              FROM pg_publication p
              LEFT JOIN LATERAL (
                  SELECT schema, name, bool_or(listed) AS listed, bool_or(published) AS published, bool_or(filtered) AS filtered
                    FROM (SELECT n.nspname::text AS schema, c.relname::text AS name, true AS listed, false AS published,
                                 to_jsonb(r) ->> 'prqual' IS NOT NULL AS filtered
                            FROM pg_publication_rel r
                            JOIN pg_class c ON c.oid = r.prrelid
                            JOIN pg_namespace n ON n.oid = c.relnamespace
                           WHERE r.prpubid = p.oid
                           UNION ALL
                          SELECT schemaname::text, tablename::text, false, true, false
                            FROM pg_publication_tables
                           WHERE pubname = p.pubname) AS member
                   GROUP BY schema, name) t ON true
             WHERE p.pubname = $1""";
    private static final String MARKS = """
            SELECT pubname::text, obj_description(oid, 'pg_publication')
              FROM pg_publication
             WHERE obj_description(oid, 'pg_publication') IS NOT NULL""";

    private final PostgresConnections connections;

    /** The caller closes {@code connections}. */
    public Publications(PostgresConnections connections) {
        this.connections = connections;
    }

    /**
     * The publication as it is now, also if there is none. Fails with {@link TableLockedException} while somebody has
     * locked one of its tables exclusively.
     */
    public Mono<Publication> look(String publication) {
        return LockWait.on(connections, Set.of())
                .ask(connection -> PostgresConnections.query(connection, LOOK, LookedAt::of, publication))
                .collectList()
                .map(rows ->
                        rows.isEmpty() ? Publication.absent(publication) : LookedAt.publication(publication, rows));
    }

    /** One row of {@link #LOOK}; a publication without tables also has one. */
    private record LookedAt(
            boolean hasOptions,
            Keeper keeper,
            Optional<String> comment,
            Optional<TableName> table,
            Membership membership) {
        static LookedAt of(Readable row) {
            Optional<TableName> table = Optional.ofNullable(row.get(2, String.class))
                    .map(schema -> new TableName(schema, Columns.required(row, 3, String.class)));
            return new LookedAt(
                    Boolean.TRUE.equals(row.get(0, Boolean.class)),
                    Keeper.valueOf(Columns.required(row, 7, String.class)),
                    Optional.ofNullable(row.get(1, String.class)),
                    table,
                    new Membership(isTrue(row, 4), isTrue(row, 5), isTrue(row, 6)));
        }

        private static boolean isTrue(Readable row, int column) {
            return Boolean.TRUE.equals(row.get(column, Boolean.class));
        }

        static Publication publication(String name, List<LookedAt> rows) {
            Map<TableName, Membership> members = new HashMap<>();
            rows.forEach(row -> row.table().ifPresent(table -> members.put(table, row.membership())));
            LookedAt first = rows.get(0);
            return new Publication(name, true, first.keeper(), first.hasOptions(), members, first.comment());
        }
    }

    /** Whom each publication of this database serves, by its name; publications that do not say so are left out. */
    public Mono<Map<String, PublicationMark>> marks() {
        return connections
                .query(
                        MARKS,
                        row -> Map.entry(
                                Columns.required(row, 0, String.class),
                                PublicationMark.parse(Columns.required(row, 1, String.class))))
                .filter(found -> found.getValue()
                        .filter(mark ->
                                mark.database().equals(connections.settings().database()))
                        .isPresent())
                .collectMap(Map.Entry::getKey, found -> found.getValue().orElseThrow());
    }

    /**
     * Creates or alters the publication so that every change of exactly {@code tables} is published, and gives those of
     * which changes were missing before. If tables join an existing publication, completes only after the transactions
     * that are running then have ended: their changes may not be published, so a load of those tables must not start
     * earlier. Fails with STOP, and changes nothing, if the server would then refuse statements of others.
     */
    public Mono<Set<TableName>> ensure(String publication, Collection<TableName> tables) {
        return Mono.defer(() -> look(ReplicationNames.require("publication", publication)))
                .flatMap(now -> {
                    Set<TableName> joining = now.unpublished(tables).keySet();
                    boolean mayMiss = now.exists() && !joining.isEmpty();
                    return apply(now, new TreeSet<>(tables), Set.of(), Optional.empty())
                            .then(mayMiss ? untilRunningEnd() : Mono.<Void>empty())
                            .thenReturn(joining);
                });
    }

    /**
     * Changes the publication {@code now} into one of exactly {@code tables}, in one transaction: either it is
     * published and proven harmless, or nothing changes. A publication that others keep is used as it is, if it has
     * every change of {@code tables}.
     *
     * @param insertOnly tables on which the server may refuse UPDATE and DELETE afterwards
     * @param mark is written into its comment
     */
    public Mono<Void> apply(
            Publication now, Set<TableName> tables, Set<TableName> insertOnly, Optional<PublicationMark> mark) {
        return Mono.defer(() -> {
            if (!now.isKeptByUs()) {
                return asItIs(now, tables, mark);
            }
            List<String> statements = new ArrayList<>(now.statementsFor(tables));
            missing(now, mark).ifPresent(wanted -> statements.add(comment(now, wanted)));
            if (statements.isEmpty()) {
                return Mono.empty();
            }
            String text = String.join("; ", statements);
            Set<TableName> proven = new TreeSet<>(tables);
            proven.removeAll(insertOnly);
            return LockWait.on(connections, tables)
                    .<Void>change(open -> run(open, text).then(harmless(open, proven)))
                    .doOnSuccess(done -> log.info("{}", text))
                    .onErrorMap(failure -> refused(now.name(), failure));
        });
    }

    private Mono<Void> asItIs(Publication now, Set<TableName> tables, Optional<PublicationMark> mark) {
        Finding finding = now.finding(tables, connections.settings().user());
        if (!finding.isFine()) {
            return Mono.error(notReady(List.of(finding)));
        }
        log.info("Publication {} {}, and is used as it is", now.name(), now.keptBy());
        if (now.keeper() == Keeper.ANOTHER_ROLE) {
            missing(now, mark)
                    .ifPresent(wanted -> log.warn(
                            "Publication {} has no comment that says whom it serves, by which other schema files on this database keep away from its"
                                    + " slot; only its owner may write that: {};",
                            now.name(),
                            comment(now, wanted)));
        }
        return Mono.empty();
    }

    private static Optional<PublicationMark> missing(Publication now, Optional<PublicationMark> mark) {
        return mark.filter(wanted -> !now.mark().equals(mark));
    }

    private static String comment(Publication now, PublicationMark mark) {
        return "COMMENT ON PUBLICATION " + SqlNames.quoted(now.name()) + " IS '"
                + mark.in(now.comment().orElse("")).replace("'", "''") + "'";
    }

    /** After the statements, whose locks on the tables prevent that somebody removes an identity meanwhile. */
    private Mono<Void> harmless(Connection connection, Set<TableName> tables) {
        return WriteHazard.of(connection, tables)
                .map(WriteHazard::finding)
                .collectList()
                .filter(problems -> !problems.isEmpty())
                .flatMap(problems -> Mono.error(notReady(problems)));
    }

    private SyncException notReady(List<Finding> problems) {
        return new SyncException(
                Remedy.STOP,
                "PostgreSQL at %s is not ready:\n%s"
                        .formatted(
                                connections.settings().address(),
                                problems.stream().map(problem -> "  " + problem).collect(Collectors.joining("\n"))));
    }

    private static Mono<Void> run(Connection connection, String sql) {
        return Flux.<Result>from(connection.createStatement(sql).execute())
                .concatMap(Result::getRowsUpdated)
                .then();
    }

    /**
     * Completes when every transaction that runs now has ended: after that, a load sees their changes that were not
     * published.
     */
    public Mono<Void> untilRunningEnd() {
        return new SnapshotWait(connections.useOne(SnapshotWait::current)).untilRunningEnd();
    }

    /** Drops the publication; does nothing if there is none. */
    public Mono<Void> drop(String publication) {
        return connections.execute(
                "DROP PUBLICATION IF EXISTS " + SqlNames.quoted(ReplicationNames.require("publication", publication)));
    }

    private Throwable refused(String name, Throwable failure) {
        if (!PostgresFailures.sqlState(failure).orElse("").equals("42501")) {
            return failure;
        }
        return new SyncException(
                Remedy.STOP,
                "Publication '%s' at %s: %s. Role '%s' needs CREATE on the database and has to own the published tables"
                        .formatted(
                                name,
                                connections.settings().address(),
                                PostgresFailures.serverMessage(failure),
                                connections.settings().user()),
                failure);
    }
}
