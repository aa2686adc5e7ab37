package io.pgsync.replication.pgoutput;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.OldRow;
import io.pgsync.core.change.Row;
import io.pgsync.core.change.RowChange.RowDeleted;
import io.pgsync.core.change.RowChange.RowInserted;
import io.pgsync.core.change.RowChange.RowUpdated;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A row whose values are all read, so that events can be compared. */
record PlainRow(List<ColumnValue> values) implements Row {
    /** {@link #UNSENT} in {@link #row} stands for a value that the server did not send. */
    static final String UNSENT = "\0unsent";

    /** Values in order; null is the SQL null. */
    static PlainRow row(String... values) {
        return new PlainRow(Arrays.stream(values).map(PlainRow::valueOf).toList());
    }

    static OldRow key(String... values) {
        return new OldRow(OldRow.Kind.KEY, row(values));
    }

    static OldRow full(String... values) {
        return new OldRow(OldRow.Kind.FULL, row(values));
    }

    /** The same event with rows that have equality. */
    static ChangeEvent read(ChangeEvent event) {
        if (event instanceof RowInserted inserted) {
            return new RowInserted(inserted.relation(), read(inserted.after()));
        }
        if (event instanceof RowUpdated updated) {
            return new RowUpdated(updated.relation(), updated.before().map(PlainRow::read), read(updated.after()));
        }
        if (event instanceof RowDeleted deleted) {
            return new RowDeleted(deleted.relation(), read(deleted.before()));
        }
        return event;
    }

    @Override
    public int size() {
        return values.size();
    }

    @Override
    public ColumnValue value(int index) {
        return values.get(index);
    }

    private static OldRow read(OldRow old) {
        return new OldRow(old.kind(), read(old.row()));
    }

    private static Row read(Row row) {
        return new PlainRow(IntStream.range(0, row.size()).mapToObj(row::value).toList());
    }

    private static ColumnValue valueOf(String value) {
        if (value == null) {
            return ColumnValue.SqlNull.INSTANCE;
        }
        return value.equals(UNSENT) ? ColumnValue.UnchangedToast.INSTANCE : new ColumnValue.Text(value);
    }
}
