package io.pgsync.replication.pgoutput;

import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.ColumnValue.SqlNull;
import io.pgsync.core.change.ColumnValue.UnchangedToast;
import io.pgsync.core.change.Row;

/**
 * A new row whose unchanged TOAST values come from the old row: with REPLICA IDENTITY FULL only that one has them in
 * the log.
 */
record ToastFilledRow(Row after, Row before) implements Row {
    @Override
    public int size() {
        return after.size();
    }

    @Override
    public ColumnValue value(int index) {
        ColumnValue value = after.value(index);
        if (!(value instanceof UnchangedToast)) {
            return value;
        }
        ColumnValue old = before.value(index);
        // A value stored out of line is never null: a partition with another identity left it out of the old row.
        return old instanceof SqlNull ? value : old;
    }

    @Override
    public long footprint() {
        return after.footprint();
    }
}
