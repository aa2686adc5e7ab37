package io.pgsync.bench.stage;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeWindow;
import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.Relation;
import io.pgsync.core.change.Row;
import io.pgsync.core.change.RowChange.RowInserted;
import io.pgsync.core.change.RowChange.RowUpdated;
import io.pgsync.core.change.TableName;
import io.pgsync.core.change.Xid;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Windows of changed rows, already decoded. */
final class ChangedRows {
    private static final Relation BOOK = relation(BookTree.BOOK, "id", "publisher_id");
    private static final Relation PUBLISHER = relation(BookTree.PUBLISHER, "id", "name");
    private static final Relation BOOK_AUTHOR = relation(BookTree.BOOK_AUTHOR, "book_id", "author_id");

    private ChangedRows() {}

    static ChangeWindow updatedBooks(int count) {
        return window(count, n -> new RowUpdated(BOOK, Optional.empty(), row(n, n % 2_000)));
    }

    static ChangeWindow updatedPublishers(int count) {
        return window(count, n -> new RowUpdated(PUBLISHER, Optional.empty(), row(n, n)));
    }

    static ChangeWindow insertedBookAuthors(int count) {
        return window(count, n -> new RowInserted(BOOK_AUTHOR, row(n, n % 50_000)));
    }

    private static ChangeWindow window(int count, IntFunction<ChangeEvent> change) {
        return new ChangeWindow(
                IntStream.rangeClosed(1, count).mapToObj(change).toList(),
                Set.of(new Xid(1_000)),
                Optional.empty(),
                Optional.of(new Lsn(1)));
    }

    private static Relation relation(TableName table, String key, String other) {
        return new Relation(
                16_384,
                table,
                Relation.ReplicaIdentity.DEFAULT,
                List.of(new Relation.Column(key, 23, true), new Relation.Column(other, 23, false)));
    }

    private static Row row(int first, int second) {
        var values = List.<ColumnValue>of(
                new ColumnValue.Text(Integer.toString(first)), new ColumnValue.Text(Integer.toString(second)));
        return new Row() {
            @Override
            public int size() {
                return values.size();
            }

            @Override
            public ColumnValue value(int index) {
                return values.get(index);
            }
        };
    }
}
