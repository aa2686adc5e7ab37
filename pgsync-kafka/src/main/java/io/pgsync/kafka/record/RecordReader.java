package io.pgsync.kafka.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Reads what {@link RecordWriter} writes. A value that ends early or promises too much fails with an {@link IllegalArgumentException}. */
final class RecordReader {
    private static final int LONGEST_VARINT = 10;

    private final ByteBuffer in;

    RecordReader(byte[] value) {
        in = ByteBuffer.wrap(value);
    }

    long fixed(int bytes) {
        need(bytes);
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = (value << 8) | (in.get() & 0xFF);
        }
        return value;
    }

    long varint() {
        long value = 0;
        for (int i = 0; i < LONGEST_VARINT; i++) {
            need(1);
            byte next = in.get();
            value |= (next & 0x7FL) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number has more than %d bytes".formatted(LONGEST_VARINT));
    }

    String text() {
        var bytes = new byte[checked(varint())];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    List<String> texts() {
        return list(this::text);
    }

    <T> List<T> list(Supplier<T> element) {
        return list(varint(), element);
    }

    <T> List<T> list(long announced, Supplier<T> element) {
        int size = checked(announced);
        var list = new ArrayList<T>(size);
        for (int i = 0; i < size; i++) {
            list.add(element.get());
        }
        return list;
    }

    /** Each counted thing has a byte at least, so that a damaged count asks for no memory. */
    private int checked(long count) {
        if (count < 0 || count > in.remaining()) {
            throw new IllegalArgumentException(
                    "%d are announced, and %d bytes are left".formatted(count, in.remaining()));
        }
        return (int) count;
    }

    void mustBeAtEnd() {
        if (in.hasRemaining()) {
            throw new IllegalArgumentException("%d bytes are left over".formatted(in.remaining()));
        }
    }

    private void need(int bytes) {
        if (in.remaining() < bytes) {
            throw new IllegalArgumentException("it ends at byte " + in.position());
        }
    }
}
