package io.pgsync.replication.catalog;

import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.change.TableName;
import io.pgsync.replication.connection.PostgresConnections;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.util.Collection;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads tables, keys and constraints from {@code pg_catalog}, with a handful of statements for any number of tables.
 */
public final class PgCatalog {
    private PgCatalog() {}

    /** Describes those of the named tables that exist; names must match exactly. Needs no rights on the tables. */
    public static Mono<Catalog> load(PostgresConnections connections, Set<TableName> names) {
        return connections.useOne(
                connection -> load(connection, connections.settings().database(), names));
    }

    /** Describes all tables and views except the server's own, up to 5,000. */
    public static Mono<Catalog> loadAll(PostgresConnections connections) {
        return connections
                .query(CatalogQueries.ALL_NAMES, CatalogAssembly::tableName)
                .collect(Collectors.toSet())
                .flatMap(names -> load(connections, names));
    }

    private static Mono<Catalog> load(Connection connection, String database, Set<TableName> names) {
        return Mono.defer(() -> {
            var assembly = new CatalogAssembly(database);
            return Flux.concat(
                            rows(connection, CatalogQueries.RELATIONS, names, assembly::addRelation),
                            rows(connection, CatalogQueries.COLUMNS, names, assembly::addColumn),
                            rows(connection, CatalogQueries.INDEXES, names, assembly::addIndex),
                            rows(connection, CatalogQueries.FOREIGN_KEYS, names, assembly::addForeignKey),
                            Mono.defer(() -> otherNames(connection, names, assembly)))
                    .then(Mono.fromSupplier(assembly::catalog));
        });
    }

    private static Mono<Void> otherNames(Connection connection, Set<TableName> names, CatalogAssembly assembly) {
        return assembly.hasAll(names)
                ? Mono.empty()
                : each(connection.createStatement(CatalogQueries.ALL_NAMES), assembly::addOtherName);
    }

    private static Mono<Void> rows(
            Connection connection, String sql, Collection<TableName> names, Consumer<Readable> consumer) {
        Statement statement = connection
                .createStatement(sql)
                .bind("$1", names.stream().map(TableName::schema).toArray(String[]::new))
                .bind("$2", names.stream().map(TableName::table).toArray(String[]::new));
        return each(statement, consumer);
    }

    private static Mono<Void> each(Statement statement, Consumer<Readable> consumer) {
        return Flux.from(statement.execute())
                .flatMap(result -> result.map(row -> {
                    consumer.accept(row);
                    return true;
                }))
                .then();
    }
}
