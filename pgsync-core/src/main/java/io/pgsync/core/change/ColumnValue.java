package io.pgsync.core.change;

/** One column of a logged row. */
public sealed interface ColumnValue {
    /** The SQL null. */
    record SqlNull() implements ColumnValue {
        /** The only null. */
        public static final SqlNull INSTANCE = new SqlNull();
    }

    /** The value in the server's text form (session settings: UTC, ISO dates). */
    record Text(String value) implements ColumnValue {}

    /**
     * The log has the value, but its bytes are not valid text (a database with the encoding SQL_ASCII accepts any
     * bytes): the value is unknown.
     *
     * @param shown a form for messages only
     */
    record Unreadable(String shown) implements ColumnValue {
        /** Shows printable ASCII as it is, and every other byte as {@code \xNN}. */
        public static Unreadable of(byte[] bytes, int from, int length) {
            var shown = new StringBuilder(length);
            for (int i = from; i < from + length; i++) {
                int code = Byte.toUnsignedInt(bytes[i]);
                shown.append(code >= ' ' && code < 0x7f ? String.valueOf((char) code) : "\\x%02x".formatted(code));
            }
            return new Unreadable(shown.toString());
        }
    }

    /** A value stored out of line that the statement did not change: the server does not send it again. */
    record UnchangedToast() implements ColumnValue {
        /** The only value of this kind. */
        public static final UnchangedToast INSTANCE = new UnchangedToast();
    }
}
