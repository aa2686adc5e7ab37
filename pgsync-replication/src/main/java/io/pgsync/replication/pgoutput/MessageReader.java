package io.pgsync.replication.pgoutput;

import java.nio.ByteBuffer;

/**
 * Reads the fields of one message in network byte order, from front to back. Never copies more than the requested
 * field.
 */
final class MessageReader {
    private final byte[] bytes;
    private final TextEncoding encoding;
    private final ByteBuffer fields;

    MessageReader(byte[] message, TextEncoding encoding) {
        this.bytes = message;
        this.encoding = encoding;
        this.fields = ByteBuffer.wrap(message);
    }

    byte int8() {
        return fields.get();
    }

    int uint16() {
        return Short.toUnsignedInt(fields.getShort());
    }

    int int32() {
        return fields.getInt();
    }

    long int64() {
        return fields.getLong();
    }

    /** A string that ends with a zero byte. */
    String cString() {
        int start = fields.position();
        while (fields.get() != 0) {}
        return encoding.name(bytes, start, fields.position() - 1 - start);
    }

    void skip(int length) {
        if (length < 0) {
            throw new ProtocolViolation("a field of the length " + length);
        }
        fields.position(fields.position() + length);
    }

    /** The next {@code length} bytes, not copied. */
    ByteBuffer view(int length) {
        int start = fields.position();
        skip(length);
        return fields.slice(start, length).asReadOnlyBuffer();
    }

    int position() {
        return fields.position();
    }

    byte[] message() {
        return bytes;
    }

    TextEncoding encoding() {
        return encoding;
    }
}
