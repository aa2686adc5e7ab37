package io.pgsync.replication.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.affected.SourceKeyLookup.Start;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.KeyRange;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.TestDatabase;
import io.pgsync.replication.connection.PostgresConnections;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** Roots whose keys are no text, or none that UTF-8 has, among others: they are refused, each by itself, and the others are read. */
class UnreadableKeysIT {
    private static final String TABLES = """
            CREATE TABLE p (code text, zone int, PRIMARY KEY (code, zone));
            CREATE TABLE c (id int PRIMARY KEY, code text, zone int, FOREIGN KEY (code, zone) REFERENCES p);
            """;
    private static final String TREE = "{'table': 'p', 'primary_key': ['code', 'zone']%s}";

    /** Rows from {@code first} to {@code last} are no text, of 300 in all. */
    @ParameterizedTest
    @CsvSource({
        "SQL_ASCII, ff, 150, 150",
        "SQL_ASCII, ff, 1, 1",
        "SQL_ASCII, ff, 300, 300",
        "SQL_ASCII, ff, 20, 260",
        "SQL_ASCII, ff, 60, 300",
        "EUC_JP, a2af, 1, 80",
        "WIN1252, 81, 290, 300",
        "EUC_TW, a7a8, 150, 155"
    })
    void theOthersAreReadAndTheseAreNamed(String encoding, String bytes, int first, int last) {
        try (var fixture = roots(encoding, bytes, first, last)) {
            List<KeyRange> ranges = QueryFixture.collect(fixture.reader().ranges(fixture.tree(), Optional.empty(), 7));
            List<DocumentChange> read = read(fixture, ranges);

            int refused = last - first + 1;
            assertThat(of(Upsert.class, read)).hasSize(300 - refused).doesNotHaveDuplicates();
            assertThat(of(Failed.class, read))
                    .hasSize(refused)
                    .doesNotHaveDuplicates()
                    .allMatch(id -> id.contains("\\x" + bytes.substring(0, 2)));
            assertThat(ranges)
                    .flatExtracting(range -> range.last().orElse(List.of()))
                    .noneMatch(part -> part.contains("\\x"));
        }
    }

    @Test
    void whereNoKeyIsATextTheDocumentIsSetAside() {
        try (var fixture = roots("SQL_ASCII", "ff", 1, 300)) {
            List<KeyRange> ranges = QueryFixture.collect(fixture.reader().ranges(fixture.tree(), Optional.empty(), 7));

            assertThat(ranges).containsExactly(new KeyRange(Optional.empty(), Optional.empty()));
            assertThatThrownBy(() -> read(fixture, ranges)).isInstanceOf(DivergenceException.class);
        }
    }

    @Test
    void aWalkGivesRootsThatAreNoTextAsSuch() {
        try (var fixture = roots("SQL_ASCII", "ff", 2, 2)) {
            fixture.database().execute("INSERT INTO c SELECT zone, code, zone FROM p WHERE zone < 4");

            List<RootKey> above =
                    QueryFixture.collect(fixture.walk("c", Start.KEY, QueryFixture.rows("1", "2", "3", "9"))
                            .distinct());

            assertThat(above)
                    .containsExactlyInAnyOrder(
                            fixture.root("k00001", "1"),
                            RootKey.unreadable(fixture.tree().index(), List.of("k00002\\xff", "2")),
                            fixture.root("k00003", "3"));
            assertThat(fixture.read(above))
                    .filteredOn(Failed.class::isInstance)
                    .extracting(DocumentChange::id)
                    .containsExactly("k00002\\xff|2");
        }
    }

    /** A row of a view may have no key. */
    @Test
    void rootsWithoutKeyAreGivenAsSuchBesideThem() {
        try (var fixture = roots("SQL_ASCII", "ff", 2, 2)) {
            PostgresConnections connections = fixture.database().connections();
            String index = fixture.tree().index();

            assertThat(listed(
                            new RawKeys(connections, connections, index, 2),
                            "SELECT code, nullif(zone, 3)::text FROM p WHERE zone < 4"))
                    .containsExactlyInAnyOrder(
                            RootKey.none(index),
                            fixture.root("k00001", "1"),
                            RootKey.unreadable(index, List.of("k00002\\xff", "2")));
        }
    }

    /** They are more than are made texts at once, so that the list is not at its end when the first are. */
    @Test
    void whoListsThemNeedsOneConnectionForThat() {
        try (var fixture = roots("SQL_ASCII", "ff", 1, 1)) {
            PostgresConnections one = fixture.database().connections().another(1);

            assertThat(listed(
                            new RawKeys(one, fixture.database().connections(), "shop", 2),
                            "SELECT code, zone::text FROM p CROSS JOIN generate_series(1, 4)"))
                    .hasSize(1_200);

            one.close().block();
        }
    }

    private static List<RootKey> listed(RawKeys keys, String sql) {
        return QueryFixture.collect(keys.of(sql, none -> {}, failure -> Mono.empty()));
    }

    @Test
    void theRootsThatMatchAConditionAreListedWithThese() {
        try (var fixture = roots("SQL_ASCII", "ff", 20, 260)) {
            List<List<RootKey>> pages =
                    QueryFixture.collect(fixture.reader().matching(fixture.tree(), "zone > 10", Optional.empty(), 7));

            List<RootKey> roots = pages.stream().flatMap(List::stream).toList();
            assertThat(roots).hasSize(290).doesNotHaveDuplicates();
            assertThat(roots).filteredOn(RootKey::isReadable).hasSize(49);
        }
    }

    private static QueryFixture roots(String encoding, String bytes, int first, int last) {
        String child = QueryFixture.child("c", "one_to_many", "object", "", "");
        var fixture = QueryFixture.of(
                TestDatabase.encoded(PostgresServers.shared(), encoding),
                TABLES,
                TREE.formatted(", 'children': [" + child + "]"));
        fixture.database().execute("""
                INSERT INTO p SELECT 'k' || lpad(i::text, 5, '0')
                    || CASE WHEN i BETWEEN %d AND %d THEN convert_from('\\x%s', '%s') ELSE '' END, i
                    FROM generate_series(1, 300) i""".formatted(first, last, bytes, encoding));
        return fixture;
    }

    private static List<DocumentChange> read(QueryFixture fixture, List<KeyRange> ranges) {
        var changes = new ArrayList<DocumentChange>();
        for (KeyRange range : ranges) {
            changes.addAll(QueryFixture.collect(fixture.reader().read(fixture.tree(), range)));
        }
        return changes;
    }

    private static List<String> of(Class<? extends DocumentChange> kind, List<DocumentChange> changes) {
        return changes.stream().filter(kind::isInstance).map(DocumentChange::id).toList();
    }
}
