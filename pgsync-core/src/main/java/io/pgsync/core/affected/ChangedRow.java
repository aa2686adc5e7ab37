package io.pgsync.core.affected;

import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.ColumnValue.SqlNull;
import io.pgsync.core.change.ColumnValue.Text;
import io.pgsync.core.change.ColumnValue.UnchangedToast;
import io.pgsync.core.change.ColumnValue.Unreadable;
import io.pgsync.core.change.OldRow;
import io.pgsync.core.change.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads columns from one side of a logged change, as far as the log carries them.
 *
 * @param proof what a value that is missing means
 * @param fallback the row from which values are taken that {@code row} leaves out
 */
record ChangedRow(IdentityProof proof, Row row, @Nullable OldRow fallback, Side side) {
    private enum Side {
        NEW,
        OLD_KEY,
        OLD_WHOLE
    }

    /** The new side of a change. A value that the log does not repeat is taken from the old side, if that has it. */
    static ChangedRow after(IdentityProof proof, Row row, @Nullable OldRow before) {
        return new ChangedRow(proof, row, before, Side.NEW);
    }

    static ChangedRow before(IdentityProof proof, OldRow before) {
        return new ChangedRow(
                proof, before.row(), null, before.kind() == OldRow.Kind.KEY ? Side.OLD_KEY : Side.OLD_WHOLE);
    }

    /** What is known about several columns together. */
    sealed interface Values {
        record Known(List<String> texts) implements Values {}

        /** A value is null, so no join matches. */
        record WithNull() implements Values {}

        /** The log does not have a value. */
        record Unknown() implements Values {}
    }

    Values values(List<String> columns) {
        var texts = new ArrayList<String>(columns.size());
        boolean isNull = false;
        for (String column : columns) {
            ColumnValue value = value(column);
            if (value instanceof UnchangedToast || value instanceof Unreadable) {
                return new Values.Unknown();
            }
            isNull |= value instanceof SqlNull;
            if (value instanceof Text text) {
                texts.add(text.value());
            }
        }
        return isNull ? new Values.WithNull() : new Values.Known(texts);
    }

    /** The columns' values in a form for messages, if one of them is not valid text; otherwise empty. */
    Optional<List<String>> unreadable(List<String> columns) {
        List<ColumnValue> values = columns.stream().map(this::value).toList();
        return values.stream().anyMatch(Unreadable.class::isInstance)
                ? Optional.of(values.stream().map(ChangedRow::shown).toList())
                : Optional.empty();
    }

    private static String shown(ColumnValue value) {
        if (value instanceof Unreadable bytes) {
            return bytes.shown();
        }
        return value instanceof Text text ? text.value() : "?";
    }

    private ColumnValue value(String column) {
        int index = proof.relation().indexOf(column);
        // Before PostgreSQL 18, a stored generated column is not in the stream; a dropped column no longer is.
        return index < 0 ? UnchangedToast.INSTANCE : value(index);
    }

    /** {@code index}: of a column of the relation. {@link UnchangedToast} stands for what the log does not have. */
    ColumnValue value(int index) {
        if (index >= row.size()) {
            return UnchangedToast.INSTANCE;
        }
        if (side == Side.OLD_KEY && !proof.relation().columns().get(index).partOfIdentity()) {
            return UnchangedToast.INSTANCE;
        }
        ColumnValue value = row.value(index);
        if (value instanceof UnchangedToast && fallback != null) {
            ColumnValue old = before(proof, fallback).value(index);
            // A value stored out of line is never null: the old row was logged without it.
            return old instanceof SqlNull ? UnchangedToast.INSTANCE : old;
        }
        boolean mayBeUnlogged = side != Side.NEW && value instanceof SqlNull && !proof.oldNullsAreValues();
        return mayBeUnlogged ? UnchangedToast.INSTANCE : value;
    }
}
