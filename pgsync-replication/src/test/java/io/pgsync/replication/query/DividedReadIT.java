package io.pgsync.replication.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.KeyRange;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows that type json accepts, and that no document can be made of. */
class DividedReadIT {
    private static final String TABLE = """
            CREATE TABLE note (id int PRIMARY KEY, body json);
            INSERT INTO note SELECT i, '{"a": 1}' FROM generate_series(1, 20) i;
            UPDATE note SET body = '{"a": "\\u0000"}' WHERE id IN (7, 20);
            """;

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

    @Test
    void areRefusedAloneWhenARangeIsRead() {
        var all = new KeyRange(Optional.empty(), Optional.empty());
        var middle = new KeyRange(Optional.of(List.of("5")), Optional.of(List.of("9")));

        assertRight(QueryFixture.collect(notes.reader().read(notes.tree(), all)));
        assertThat(QueryFixture.collect(notes.reader().read(notes.tree(), middle)))
                .extracting(DocumentChange::id)
                .containsExactlyInAnyOrder("6", "7", "8", "9");
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
