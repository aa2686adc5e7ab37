package io.pgsync.replication.query;

import static io.pgsync.replication.query.QueryFixture.collect;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresSchemaWatchIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final QueryFixture shop = QueryFixture.of("""
            CREATE TABLE visit (id int PRIMARY KEY, code int NOT NULL) PARTITION BY RANGE (id);
            CREATE TABLE visit_1 PARTITION OF visit FOR VALUES FROM (0) TO (100);
            CREATE UNIQUE INDEX visit_1_code ON visit_1 (code);
            CREATE PUBLICATION visits FOR TABLE visit WITH (publish_via_partition_root = true)""", "{'table': 'visit'}");

    private final PostgresSchemaWatch watch =
            new PostgresSchemaWatch(shop.database().connections(), "visits");

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void aPartitionMayHaveAnotherIdentityAsLongAsItNamesItsRows() {
        shop.database().execute("ALTER TABLE visit REPLICA IDENTITY FULL");

        assertThat(drifts()).isEmpty();
    }

    @Test
    void aPartitionThatDoesNotNameItsRowsIsADrift() {
        shop.database().execute("ALTER TABLE visit_1 REPLICA IDENTITY USING INDEX visit_1_code");

        assertThat(drifts())
                .singleElement()
                .asString()
                .contains("partition \"public.visit_1\" has a replica identity without the primary key");
    }

    @Test
    void aPublicationThatLeavesOperationsOutIsADrift() {
        shop.database().execute("ALTER PUBLICATION visits SET (publish = 'insert')");

        assertThat(drifts()).singleElement().asString().contains("(unpublished)", "public.visit", "by its options");
    }

    @Test
    void rowsThatTheRoleDoesNotSeeAreHidden() {
        PostgresSettings owner = shop.database().connections().settings();
        String role = owner.database() + "_watcher";
        shop.database()
                .execute("CREATE ROLE " + role + " LOGIN PASSWORD 'watcher'", "GRANT SELECT ON visit TO " + role);
        PostgresConnections watcher = PostgresConnections.to(
                PostgresSettings.plain(owner.host(), owner.port(), owner.database(), role, "watcher"), 1);
        var watched = new PostgresSchemaWatch(watcher, "visits");

        List<Divergence> before = collect(watched.drifts(List.of(shop.tree())));
        shop.database().execute("ALTER TABLE visit ENABLE ROW LEVEL SECURITY");
        List<Divergence> after = collect(watched.drifts(List.of(shop.tree())));
        watcher.close().block(PATIENCE);
        shop.database().execute("DROP OWNED BY " + role, "DROP ROLE " + role);

        assertThat(before).isEmpty();
        assertThat(after).extracting(Divergence::kind).containsExactly(Kind.ROWS_HIDDEN);
        // The owner sees them all.
        assertThat(drifts()).isEmpty();
    }

    @Test
    void everyStatementOfASuspectIsPlanned() {
        try (var points = QueryFixture.of("""
                CREATE TABLE point_of (id int, at point);
                CREATE PUBLICATION points FOR TABLE point_of WITH (publish_via_partition_root = true)""", "{'table': 'point_of', 'primary_key': ['at']}")) {
            PostgresConnections connections = points.database().connections();
            String index = points.tree().index();

            assertThat(collect(new PostgresSchemaWatch(connections, "points").drifts(List.of(points.tree()))))
                    .isEmpty();
            assertThat(collect(new PostgresSchemaWatch(connections, "points", Set.of(index))
                            .drifts(List.of(points.tree()))))
                    .singleElement()
                    .asString()
                    .contains("(schema-drift)", "/0/nodes", "cannot look up rows of \"public.point_of\" by their key");
        }
    }

    private List<String> drifts() {
        return collect(watch.drifts(List.of(shop.tree()))).stream()
                .map(drift -> drift.toString())
                .toList();
    }
}
