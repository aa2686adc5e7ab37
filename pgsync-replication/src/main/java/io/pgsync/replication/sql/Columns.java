package io.pgsync.replication.sql;

import io.r2dbc.spi.Readable;
import java.util.Objects;

/** Reads a value of a result row that is never null in this statement. */
public final class Columns {
    private Columns() {}

    public static <T> T required(Readable row, int column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), () -> "Column " + column + " of a result is null");
    }
}
