package io.pgsync.replication.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.document.Plugins;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that no document can be made of. */
class DividedReadIT {
    /** {@code chk} raises an error for every {@code id} from the given one on, with an SQLSTATE of its choice. */
    private static final String RAISING = """
            CREATE FUNCTION chk(id int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
              IF id > %d THEN RAISE EXCEPTION 'no %%', id USING ERRCODE = '%s'; END IF; RETURN true; END $$;
            CREATE TABLE note (id int PRIMARY KEY, body text);
            INSERT INTO note SELECT i, 'good' FROM generate_series(1, %d) i;
            """;

    private static final String TABLE = """
            CREATE TABLE note (id int PRIMARY KEY, body json);
            INSERT INTO note SELECT i, '{"a": 1}' FROM generate_series(1, 20) i;
            UPDATE note SET body = '{"a": "\\u0000"}' WHERE id IN (7, 20);
            """;

    private static final String CHECKED = "{'table': 'note', 'where': 'chk(id)'}";
    private static final KeyRange ALL = new KeyRange(Optional.empty(), Optional.empty());

    private final QueryFixture notes = QueryFixture.of(TABLE, "{'table': 'note'}");

    @AfterEach
    void close() {
        notes.close();
    }

    @Test
    void areRefusedAloneWhenRootsAreRead() {
        List<DocumentChange> changes = notes.read(IntStream.rangeClosed(1, 21)
                .mapToObj(id -> notes.root(Integer.toString(id)))
                .toList());

        assertRight(changes);
        assertThat(changes)
                .filteredOn(Delete.class::isInstance)
                .singleElement()
                .satisfies(gone -> assertThat(gone.id()).isEqualTo("21"));
    }

    /** Such an id has the form of a key, and no row can have it. */
    @Test
    void areNoneWhereTheKeyIsNoValueOfItsType() {
        List<DocumentChange> changes = notes.read(List.of(notes.root("1"), notes.root("99999999999"), notes.root("7")));

        assertThat(changes)
                .filteredOn(Delete.class::isInstance)
                .extracting(DocumentChange::id)
                .containsExactly("99999999999");
        assertThat(changes)
                .filteredOn(Failed.class::isInstance)
                .extracting(DocumentChange::id)
                .containsExactly("7");
        assertThat(changes)
                .filteredOn(Upsert.class::isInstance)
                .extracting(DocumentChange::id)
                .containsExactly("1");
    }

    @Test
    void areRefusedAloneWhenARangeIsRead() {
        var middle = new KeyRange(Optional.of(List.of("5")), Optional.of(List.of("9")));

        assertRight(QueryFixture.collect(notes.reader().read(notes.tree(), ALL)));
        assertThat(QueryFixture.collect(notes.reader().read(notes.tree(), middle)))
                .extracting(DocumentChange::id)
                .containsExactlyInAnyOrder("6", "7", "8", "9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"P0001", "21000", "38000", "39000", "42P01", "0A000", "53200", "XX000", "XX001"})
    void areRefusedAloneWhateverTheErrorOfAFunction(String sqlState) {
        try (var raising = QueryFixture.of(RAISING.formatted(18, sqlState, 20), CHECKED)) {
            assertThat(QueryFixture.collect(raising.reader().read(raising.tree(), ALL)))
                    .hasSize(20)
                    .filteredOn(Failed.class::isInstance)
                    .extracting(DocumentChange::id)
                    .containsExactlyInAnyOrder("19", "20");
        }
    }

    @Test
    void setTheDocumentAsideWhenAllRowsAreSo() {
        try (var raising = QueryFixture.of(RAISING.formatted(0, "P0001", 5_000), CHECKED)) {
            var changes = new ArrayList<DocumentChange>();

            assertThatThrownBy(() -> raising.reader()
                            .read(raising.tree(), ALL)
                            .doOnNext(changes::add)
                            .blockLast(Duration.ofSeconds(60)))
                    .isInstanceOf(DivergenceException.class)
                    .hasMessageContainingAll("/0/nodes", "fails whatever the row", "P0001");

            assertThat(changes).hasSizeLessThan(RowFaults.MOST_IN_A_ROW).allMatch(Failed.class::isInstance);
        }
    }

    @Test
    void goOnBeingRefusedAloneWhenManyOfThemStandTogether() {
        try (var raising = QueryFixture.of(RAISING.formatted(10, "P0001", 400), CHECKED)) {
            var behind = new KeyRange(Optional.of(List.of("10")), Optional.empty());

            assertThat(QueryFixture.collect(raising.reader().read(raising.tree(), behind)))
                    .hasSize(390)
                    .allMatch(Failed.class::isInstance);
        }
    }

    @Test
    void areNotFetchedWhenTheyMakeTooLargeADocument() {
        String table = "CREATE TABLE note (id int PRIMARY KEY, body text);"
                + "INSERT INTO note VALUES (1, 'small'), (2, repeat('x', 100000)), (3, repeat('y', 900))";
        try (var wide = QueryFixture.of(table, "{'table': 'note'}")) {
            var reader = new PostgresDocumentReader(
                    wide.database().connections(), List.of(wide.tree()), Plugins.NONE, 1_000);

            List<DocumentChange> changes = QueryFixture.collect(reader.read(wide.tree(), ALL));

            assertThat(changes)
                    .filteredOn(Upsert.class::isInstance)
                    .extracting(DocumentChange::id)
                    .containsExactlyInAnyOrder("1", "3");
            assertThat(changes)
                    .filteredOn(Failed.class::isInstance)
                    .singleElement()
                    .satisfies(failed -> {
                        assertThat(failed.id()).isEqualTo("2");
                        assertThat(failed.size()).isZero();
                        assertThat(((Failed) failed).type()).isEqualTo("too_large");
                        assertThat(((Failed) failed).reason())
                                .containsPattern("100,\\d\\d\\d bytes")
                                .contains("1,000");
                    });
        }
    }

    private static void assertRight(List<DocumentChange> changes) {
        assertThat(changes).extracting(DocumentChange::id).doesNotHaveDuplicates();
        assertThat(changes).filteredOn(Upsert.class::isInstance).hasSize(18);
        assertThat(changes)
                .filteredOn(Failed.class::isInstance)
                .extracting(DocumentChange::id)
                .containsExactlyInAnyOrder("7", "20");
        assertThat(changes)
                .filteredOn(Failed.class::isInstance)
                .allSatisfy(failed -> assertThat(((Failed) failed).reason()).contains("Unicode"));
    }
}
