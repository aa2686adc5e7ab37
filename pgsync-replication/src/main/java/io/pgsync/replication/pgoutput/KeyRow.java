package io.pgsync.replication.pgoutput;

import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.ColumnValue.UnchangedToast;
import io.pgsync.core.change.Relation;
import io.pgsync.core.change.Row;

/**
 * An old row of which only the identity was logged. The server fills the other columns with nulls, which would look
 * like values; here they are {@link UnchangedToast}: not sent, so not known.
 */
record KeyRow(Relation relation, Row sent) implements Row {
    @Override
    public int size() {
        return sent.size();
    }

    @Override
    public ColumnValue value(int index) {
        return relation.columns().get(index).partOfIdentity() ? sent.value(index) : UnchangedToast.INSTANCE;
    }

    @Override
    public long footprint() {
        return sent.footprint();
    }
}
