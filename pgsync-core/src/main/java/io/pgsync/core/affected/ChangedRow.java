package io.pgsync.core.affected;

import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.ColumnValue.SqlNull;
import io.pgsync.core.change.ColumnValue.Text;
import io.pgsync.core.change.ColumnValue.UnchangedToast;
import io.pgsync.core.change.OldRow;
import io.pgsync.core.change.Relation;
import io.pgsync.core.change.Row;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads columns out of one side of a logged change, as far as the log carries them. */
record ChangedRow(Relation relation, Row row, @Nullable OldRow fallback, boolean identityOnly) {

    /** The new side of a change. A value that the log does not repeat is taken from the old side where that has it. */
    static ChangedRow after(Relation relation, Row row, @Nullable OldRow before) {
        return new ChangedRow(relation, row, before, false);
    }

    static ChangedRow before(Relation relation, OldRow before) {
        return new ChangedRow(relation, before.row(), null, before.kind() == OldRow.Kind.KEY);
    }

    /** What is known of some columns together. */
    sealed interface Values {
        record Known(List<String> texts) implements Values {}

        /** One of them is null, so no join matches. */
        record WithNull() implements Values {}

        /** The log does not say. */
        record Unknown() implements Values {}
    }

    Values values(List<String> columns) {
        var texts = new ArrayList<String>(columns.size());
        boolean isNull = false;
        for (String column : columns) {
            ColumnValue value = value(column);
            if (value instanceof UnchangedToast) {
                return new Values.Unknown();
            }
            isNull |= value instanceof SqlNull;
            if (value instanceof Text text) {
                texts.add(text.value());
            }
        }
        return isNull ? new Values.WithNull() : new Values.Known(texts);
    }

    private ColumnValue value(String column) {
        int index = relation.indexOf(column);
        // A stored generated column is not in the stream before PostgreSQL 18; a dropped one not any more.
        if (index < 0 || index >= row.size()) {
            return UnchangedToast.INSTANCE;
        }
        if (identityOnly && !relation.columns().get(index).partOfIdentity()) {
            return UnchangedToast.INSTANCE;
        }
        ColumnValue value = row.value(index);
        if (value instanceof UnchangedToast && fallback != null) {
            return before(relation, fallback).value(column);
        }
        return value;
    }

    /** Whether an update that carries no old row proves that these columns kept their values. */
    static boolean identityCovers(Relation relation, List<String> columns) {
        return columns.stream()
                .map(relation::indexOf)
                .allMatch(i -> i >= 0 && relation.columns().get(i).partOfIdentity());
    }
}
