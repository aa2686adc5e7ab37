package io.pgsync.replication.query;

import static io.pgsync.replication.query.QueryFixture.collect;
import static io.pgsync.replication.query.QueryFixture.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.affected.SourceKeyLookup.Start;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.KeyRange;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of a view with a null in the key: they are refused by name, and stop nothing. */
class KeylessRowsIT {
    private static final KeyRange ALL = new KeyRange(Optional.empty(), Optional.empty());

    private static final String PARTS = QueryFixture.child(
            "part", "one_to_many", "object", ", 'foreign_key': {'child': ['base_id'], 'parent': ['id']}", "");

    private final QueryFixture seen = QueryFixture.of("""
            CREATE TABLE base (id int PRIMARY KEY, area text, zone int);
            INSERT INTO base SELECT i, 'a', i FROM generate_series(1, 20) i;
            INSERT INTO base VALUES (21, NULL, 21), (22, 'b', NULL), (23, NULL, NULL), (24, 'hidden', NULL);
            CREATE TABLE part (id int PRIMARY KEY, base_id int REFERENCES base);
            INSERT INTO part VALUES (1, 1), (2, 21);
            CREATE VIEW seen AS SELECT * FROM base;
            """, """
            {'table': 'seen', 'primary_key': ['area', 'zone'], 'where': 'area IS DISTINCT FROM $q$hidden$q$',
             'children': [%s]}""".formatted(PARTS));

    @AfterEach
    void close() {
        seen.close();
    }

    @Test
    void areOneRefusalOfALoad() {
        List<DocumentChange> changes = collect(seen.reader().read(seen.tree(), ALL));

        assertThat(changes).filteredOn(Upsert.class::isInstance).hasSize(20);
        assertRefused(changes, "rows of \"public.seen\"", "3 in all");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 20, 21, 22, 23, 24, 100})
    void areInNoRangeAndToldOfByTheLastOne(int size) {
        List<KeyRange> ranges = collect(seen.reader().ranges(seen.tree(), Optional.empty(), size));
        List<DocumentChange> changes = ranges.stream()
                .flatMap(range -> collect(seen.reader().read(seen.tree(), range)).stream())
                .toList();

        assertThat(changes).filteredOn(Upsert.class::isInstance).hasSize(20);
        assertRefused(changes, "3 in all");
    }

    @Test
    void areOneRefusalWhereAWalkLeadsToThem() {
        assertThat(collect(seen.walk("part", Start.LINK, rows("1", "21"))))
                .containsExactlyInAnyOrder(
                        seen.root("a", "1"), RootKey.none(seen.tree().index()));

        List<DocumentChange> changes =
                seen.read(List.of(seen.root("a", "1"), RootKey.none(seen.tree().index())));

        assertThat(changes).filteredOn(Upsert.class::isInstance).hasSize(1);
        assertRefused(changes, "one or more");
    }

    @Test
    void matchNoCondition() {
        assertThat(collect(seen.reader().matching(seen.tree(), "true", Optional.empty(), 7)))
                .flatMap(page -> page)
                .hasSize(20);
    }

    private static void assertRefused(List<DocumentChange> changes, String... words) {
        assertThat(changes).filteredOn(Failed.class::isInstance).singleElement().satisfies(failed -> {
            assertThat(failed.root().isNone()).isTrue();
            assertThat(((Failed) failed).type()).isEqualTo("no_key");
            assertThat(((Failed) failed).reason()).contains(words).contains("(\"area\", \"zone\")");
        });
    }
}
