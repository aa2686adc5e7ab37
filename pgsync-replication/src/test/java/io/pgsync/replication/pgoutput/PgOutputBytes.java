package io.pgsync.replication.pgoutput;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeEvent.Begin;
import io.pgsync.core.change.ChangeEvent.Commit;
import io.pgsync.core.change.ChangeEvent.Message;
import io.pgsync.core.change.ChangeEvent.RelationDescribed;
import io.pgsync.core.change.ChangeEvent.Truncated;
import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.OldRow;
import io.pgsync.core.change.Relation;
import io.pgsync.core.change.Row;
import io.pgsync.core.change.RowChange.RowDeleted;
import io.pgsync.core.change.RowChange.RowInserted;
import io.pgsync.core.change.RowChange.RowUpdated;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes events as the server would: the decoder's counterpart, made from the manual alone. */
final class PgOutputBytes {
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    static byte[] of(ChangeEvent event) {
        try {
            var message = new PgOutputBytes();
            message.write(event);
            return message.bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(ChangeEvent event) throws IOException {
        if (event instanceof Begin begin) {
            out.writeByte('B');
            out.writeLong(begin.finalLsn().value());
            timestamp(begin.committedAt());
            out.writeInt(begin.xid().value());
        } else if (event instanceof Commit commit) {
            out.writeByte('C');
            out.writeByte(0);
            out.writeLong(commit.commitLsn().value());
            out.writeLong(commit.endLsn().value());
            timestamp(commit.committedAt());
        } else if (event instanceof RelationDescribed described) {
            relation(described.relation());
        } else if (event instanceof RowInserted inserted) {
            header('I', inserted.relation());
            tuple('N', inserted.after());
        } else if (event instanceof RowUpdated updated) {
            header('U', updated.relation());
            if (updated.before().isPresent()) {
                old(updated.before().get());
            }
            tuple('N', updated.after());
        } else if (event instanceof RowDeleted deleted) {
            header('D', deleted.relation());
            old(deleted.before());
        } else if (event instanceof Truncated truncated) {
            truncate(truncated);
        } else if (event instanceof Message message) {
            message(message);
        } else {
            throw new AssertionError("Unhandled event: " + event);
        }
    }

    private void relation(Relation relation) throws IOException {
        header('R', relation);
        cString(relation.name().schema());
        cString(relation.name().table());
        out.writeByte(Character.toLowerCase(relation.identity().name().charAt(0)));
        out.writeShort(relation.columns().size());
        for (Relation.Column column : relation.columns()) {
            out.writeByte(column.partOfIdentity() ? 1 : 0);
            cString(column.name());
            out.writeInt(column.typeOid());
            out.writeInt(-1);
        }
    }

    private void truncate(Truncated truncated) throws IOException {
        out.writeByte('T');
        out.writeInt(truncated.relations().size());
        out.writeByte(0);
        for (Relation relation : truncated.relations()) {
            out.writeInt(relation.oid());
        }
    }

    private void message(Message message) throws IOException {
        out.writeByte('M');
        out.writeByte(message.transactional() ? 1 : 0);
        out.writeLong(message.lsn().value());
        cString(message.prefix());
        byte[] content = new byte[message.content().remaining()];
        message.content().duplicate().get(content);
        out.writeInt(content.length);
        out.write(content);
    }

    private void header(char type, Relation relation) throws IOException {
        out.writeByte(type);
        out.writeInt(relation.oid());
    }

    private void old(OldRow before) throws IOException {
        tuple(before.kind() == OldRow.Kind.FULL ? 'O' : 'K', before.row());
    }

    private void tuple(char kind, Row row) throws IOException {
        out.writeByte(kind);
        out.writeShort(row.size());
        for (int i = 0; i < row.size(); i++) {
            ColumnValue value = row.value(i);
            if (value instanceof ColumnValue.Text text) {
                byte[] utf8 = text.value().getBytes(StandardCharsets.UTF_8);
                out.writeByte('t');
                out.writeInt(utf8.length);
                out.write(utf8);
            } else if (kind == 'K' || value instanceof ColumnValue.SqlNull) {
                out.writeByte('n');
            } else {
                out.writeByte('u');
            }
        }
    }

    private void timestamp(Instant at) throws IOException {
        out.writeLong(EPOCH.until(at, ChronoUnit.MICROS));
    }

    private void cString(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.writeByte(0);
    }
}
