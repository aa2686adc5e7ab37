package io.pgsync.replication.pgoutput;

import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.ColumnValue.SqlNull;
import io.pgsync.core.change.ColumnValue.UnchangedToast;
import io.pgsync.core.change.Row;

/**
 * A tuple that stays in the bytes of its message. Decoding only finds the columns; a value becomes text when it is
 * read. Most changes need only their keys, so this costs half as much as decoding every column.
 */
final class TupleRow implements Row {
    private static final int NULL = -1;
    private static final int UNCHANGED_TOAST = -2;

    private final byte[] message;
    private final TextEncoding encoding;

    /** The offset of each column's length word, or the reason why it has none. */
    private final int[] columns;

    private final boolean hasUnchangedToast;

    private TupleRow(byte[] message, TextEncoding encoding, int[] columns, boolean hasUnchangedToast) {
        this.message = message;
        this.encoding = encoding;
        this.columns = columns;
        this.hasUnchangedToast = hasUnchangedToast;
    }

    /** Reads TupleData (section 55.9 of the PostgreSQL manual) and leaves the reader after it. */
    static TupleRow read(MessageReader reader) {
        int[] columns = new int[reader.uint16()];
        boolean unchanged = false;
        for (int i = 0; i < columns.length; i++) {
            columns[i] = readColumn(reader);
            unchanged |= columns[i] == UNCHANGED_TOAST;
        }
        return new TupleRow(reader.message(), reader.encoding(), columns, unchanged);
    }

    private static int readColumn(MessageReader reader) {
        byte kind = reader.int8();
        return switch (kind) {
            case 'n' -> NULL;
            case 'u' -> UNCHANGED_TOAST;
            case 't' -> {
                int at = reader.position();
                reader.skip(reader.int32());
                yield at;
            }
            default -> throw new ProtocolViolation("a column of the unknown kind '" + (char) kind + "'");
        };
    }

    boolean hasUnchangedToast() {
        return hasUnchangedToast;
    }

    @Override
    public int size() {
        return columns.length;
    }

    @Override
    public ColumnValue value(int index) {
        int at = columns[index];
        return switch (at) {
            case NULL -> SqlNull.INSTANCE;
            case UNCHANGED_TOAST -> UnchangedToast.INSTANCE;
            default -> encoding.value(message, at + Integer.BYTES, lengthAt(at));
        };
    }

    @Override
    public long footprint() {
        return message.length;
    }

    private int lengthAt(int at) {
        return (message[at] & 0xFF) << 24
                | (message[at + 1] & 0xFF) << 16
                | (message[at + 2] & 0xFF) << 8
                | (message[at + 3] & 0xFF);
    }

    @Override
    public String toString() {
        return "TupleRow[" + columns.length + " columns]";
    }
}
