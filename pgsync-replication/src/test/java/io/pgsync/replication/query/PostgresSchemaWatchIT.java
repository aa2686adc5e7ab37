package io.pgsync.replication.query;

import static io.pgsync.replication.query.QueryFixture.collect;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresSchemaWatchIT {
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

        assertThat(drifts()).singleElement().asString().contains("public.visit", "by its options");
    }

    private List<String> drifts() {
        return collect(watch.drifts(List.of(shop.tree()))).stream()
                .map(drift -> drift.toString())
                .toList();
    }
}
