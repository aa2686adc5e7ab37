package io.pgsync.cli.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.document.MetaKeys;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeBuilder;
import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.catalog.PgCatalog;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresSettings;
import io.pgsync.replication.query.PostgresDocumentReader;
import io.pgsync.torture.truth.DocumentComparison;
import io.pgsync.torture.truth.RowByRowTruth;
import io.pgsync.torture.truth.TrueDocument;
import java.io.IOException;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The document query alone, after every transaction: a wrong document is told here from one that was not built again. */
class DocumentQueryIT {
    private static final PostgresServer POSTGRES = PostgresServers.shared();
    /** What the pipeline does before it reads. */
    private static final SqlScript REFRESH = SqlScript.parse("""
            DO $$ DECLARE view regclass; BEGIN
              FOR view IN SELECT oid FROM pg_class WHERE relkind = 'm' LOOP
                EXECUTE 'REFRESH MATERIALIZED VIEW ' || view;
              END LOOP;
            END $$""");

    private static final KeyRange ALL = new KeyRange(Optional.empty(), Optional.empty());

    @TestFactory
    Stream<DynamicTest> documentsEqualTheTruthAfterEveryTransaction() {
        return Stream.concat(Fixture.own().stream(), Fixture.shared().stream())
                .map(fixture -> dynamicTest(fixture.toString(), () -> compare(fixture)));
    }

    private static void compare(Fixture fixture) throws Exception {
        var database = POSTGRES.createDatabase();
        var connections = PostgresConnections.to(settings(database), 1);
        try (var connection =
                DriverManager.getConnection(POSTGRES.jdbcUrl(database), POSTGRES.user(), POSTGRES.password())) {
            fixture.load(connection);
            var trees = trees(fixture, database, connections);
            var reader = new PostgresDocumentReader(connections, trees);
            var failures = new LinkedHashMap<String, String>();
            var steps = fixture.changes().transactions();
            for (int i = 0; i <= steps.size(); i++) {
                var truth = RowByRowTruth.of(connection, fixture.schema());
                var differences = DocumentComparison.differences(truth, documents(reader, trees));
                if (!differences.isEmpty()) {
                    failures.putIfAbsent(differences, i == 0 ? "the load" : "after " + steps.get(i - 1));
                }
                if (i < steps.size()) {
                    steps.get(i).run(connection);
                    REFRESH.run(connection);
                }
            }
            assertThat(failures).isEmpty();
        } finally {
            connections.close().block();
        }
    }

    private static List<DocumentTree> trees(Fixture fixture, String database, PostgresConnections connections)
            throws IOException {
        var json = fixture.schema(database, "").toString().getBytes(UTF_8);
        var file = SchemaReader.read(fixture.toString(), json, Map.of());
        var tables = file.tablesByDatabase().get(database);
        return TreeBuilder.build(
                file, Map.of(database, PgCatalog.load(connections, tables).block()));
    }

    private static List<TrueDocument> documents(PostgresDocumentReader reader, List<DocumentTree> trees)
            throws IOException {
        var documents = new ArrayList<TrueDocument>();
        for (var tree : trees) {
            for (var change : reader.read(tree, ALL).collectList().block()) {
                var upsert = (Upsert) change;
                var document = TrueDocument.parse(
                        tree.index(), upsert.id(), upsert.routing(), new String(upsert.source(), UTF_8));
                // The engine keeps this entry out of what it shows.
                document.source().withObjectProperty("_meta").remove(MetaKeys.UNLINKED);
                documents.add(document);
            }
        }
        return documents;
    }

    private static PostgresSettings settings(String database) {
        return PostgresSettings.plain(POSTGRES.host(), POSTGRES.port(), database, POSTGRES.user(), POSTGRES.password());
    }
}
