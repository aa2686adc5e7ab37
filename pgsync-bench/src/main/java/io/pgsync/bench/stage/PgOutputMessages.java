package io.pgsync.bench.stage;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A transaction of updated books as the server's pgoutput writes it ("Logical Replication Message Formats", protocol version 1). */
final class PgOutputMessages {
    private static final int BOOK_OID = 16_384;
    private static final int TEXT_OID = 25;
    private static final String[] COLUMNS = {
        "id", "isbn", "title", "description", "price", "rev", "publisher_id", "publish_date"
    };

    private PgOutputMessages() {}

    /** What announces the table; once for each connection. */
    static byte[] relation() {
        return message('R', out -> {
            out.writeInt(BOOK_OID);
            text(out, "public");
            text(out, "book");
            out.writeByte('d');
            out.writeShort(COLUMNS.length);
            for (String column : COLUMNS) {
                out.writeByte(column.equals("id") ? 1 : 0);
                text(out, column);
                out.writeInt(TEXT_OID);
                out.writeInt(-1);
            }
        });
    }

    /** Begin, {@code rows} updates, commit. */
    static List<byte[]> transaction(long commitLsn, int rows) {
        var messages = new ArrayList<byte[]>();
        messages.add(message('B', out -> {
            out.writeLong(commitLsn);
            out.writeLong(0);
            out.writeInt(1_000);
        }));
        for (int row = 1; row <= rows; row++) {
            messages.add(update(row));
        }
        messages.add(message('C', out -> {
            out.writeByte(0);
            out.writeLong(commitLsn);
            out.writeLong(commitLsn + 48);
            out.writeLong(0);
        }));
        return messages;
    }

    private static byte[] update(int id) {
        String[] values = {
            Integer.toString(id),
            "979-%09d".formatted(id),
            "Book of two and thirty characters " + id,
            "No. " + id + " of a long row of volumes,".repeat(4),
            "12.50",
            "1",
            Integer.toString(1 + id % 2_000),
            "2001-04-01 12:00:00"
        };
        return message('U', out -> {
            out.writeInt(BOOK_OID);
            out.writeByte('N');
            out.writeShort(values.length);
            for (String value : values) {
                byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
                out.writeByte('t');
                out.writeInt(utf8.length);
                out.write(utf8);
            }
        });
    }

    private interface Content {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private static byte[] message(char type, Content content) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(type);
            content.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.writeByte(0);
    }
}
