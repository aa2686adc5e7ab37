package io.pgsync.kafka.record;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes big-endian numbers, numbers of seven bits a byte, and texts behind their length. For one thread. */
final class RecordWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

    RecordWriter fixed(long value, int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            out.write((int) (value >>> shift));
        }
        return this;
    }

    /** The lowest seven bits first; the highest bit of a byte says that more follow. */
    RecordWriter varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    RecordWriter text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        varint(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    RecordWriter texts(List<String> values) {
        varint(values.size());
        values.forEach(this::text);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
