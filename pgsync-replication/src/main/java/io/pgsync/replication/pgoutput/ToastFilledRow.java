package io.pgsync.replication.pgoutput;

import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.ColumnValue.UnchangedToast;
import io.pgsync.core.change.Row;

/** A new row whose unchanged TOAST values come from the old one: with REPLICA IDENTITY FULL the log has them there only. */
record ToastFilledRow(Row after, Row before) implements Row {
    @Override
    public int size() {
        return after.size();
    }

    @Override
    public ColumnValue value(int index) {
        ColumnValue value = after.value(index);
        return value instanceof UnchangedToast ? before.value(index) : value;
    }
}
