package io.pgsync.replication.query;

import io.pgsync.core.affected.PathToRoot;
import io.pgsync.core.affected.TableRoles;
import io.pgsync.core.catalog.AttachedPartition;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.catalog.TableDefinition.Kind;
import io.pgsync.core.change.TableName;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.connection.LockWait;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.sql.Columns;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Asks which partitions the tables of trees have, and which roots the rows of some of them concern. */
record PartitionQueries(PostgresConnections connections) {
    /** $1 and $2 are schemas and names of tables. Takes no lock on them. */
    private static final String MARKS = """
            WITH RECURSIVE tree AS (
                SELECT c.oid
                  FROM unnest($1::text[], $2::text[]) AS w(schema, name)
                  JOIN pg_namespace n ON n.nspname = w.schema
                  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name AND c.relkind = 'p'
                 UNION
                SELECT i.inhrelid FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid
            )
            SELECT coalesce(md5(string_agg(concat_ws(' ', i.inhrelid, i.xmin), ',' ORDER BY i.inhrelid)), '')
              FROM tree
              JOIN pg_inherits i ON i.inhparent = tree.oid""";

    /** The condition that every row of the partition meets, over columns of the same names as those of its table. */
    private static final String BOUNDS = "SELECT coalesce(pg_get_partition_constraintdef($1::text::oid), '')";

    /** See {@link io.pgsync.core.tree.SchemaWatch#partitions}. */
    Mono<String> marks(Collection<DocumentTree> trees) {
        List<TableName> tables = trees.stream()
                .flatMap(tree -> tree.tables().stream())
                .filter(table -> table.kind() == Kind.PARTITIONED_TABLE)
                .map(TableDefinition::name)
                .distinct()
                .toList();
        return tables.isEmpty()
                ? Mono.just("")
                : connections
                        .query(
                                MARKS,
                                row -> Columns.required(row, 0, String.class),
                                tables.stream().map(TableName::schema).toArray(String[]::new),
                                tables.stream().map(TableName::table).toArray(String[]::new))
                        .next();
    }

    /** See {@link io.pgsync.core.tree.SchemaWatch#rootsWithRowsOf}. */
    Mono<Optional<String>> rootsWithRowsOf(DocumentTree tree, Map<String, List<AttachedPartition>> partitions) {
        boolean isCheap = partitions.values().stream().flatMap(List::stream).allMatch(AttachedPartition::isBounded);
        return isCheap
                ? Flux.fromIterable(partitions.entrySet())
                        .concatMap(table -> Flux.fromIterable(table.getValue())
                                .concatMap(partition -> rows(tree, partition))
                                .concatMapIterable(rows -> above(tree, table.getKey(), rows)))
                        .collectList()
                        .map(PartitionQueries::together)
                : Mono.just(Optional.empty());
    }

    /** Its rows among those of the table: the role need not have the right to read the partition itself. */
    private Mono<String> rows(DocumentTree tree, AttachedPartition partition) {
        return LockWait.on(
                        connections,
                        tree.tables().stream().map(TableDefinition::name).toList())
                .ask(connection -> PostgresConnections.query(
                        connection, BOUNDS, row -> Columns.required(row, 0, String.class), partition.oid()))
                .next()
                .map(bounds -> "tableoid = '" + partition.oid() + "'::oid"
                        + (bounds.isEmpty() ? "" : " AND (" + bounds + ")"));
    }

    private static List<String> above(DocumentTree tree, String table, String rows) {
        return TableRoles.of(List.of(tree)).all().stream()
                .filter(role -> role.start().name().toString().equals(table))
                .map((PathToRoot role) -> new RootCondition(tree).above(role, rows))
                .distinct()
                .toList();
    }

    private static Optional<String> together(List<String> conditions) {
        return conditions.isEmpty()
                ? Optional.empty()
                : Optional.of(conditions.stream().collect(Collectors.joining("\n) OR (", "(", "\n)")));
    }
}
