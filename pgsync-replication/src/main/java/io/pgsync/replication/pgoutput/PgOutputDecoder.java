package io.pgsync.replication.pgoutput;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeEvent.Begin;
import io.pgsync.core.change.ChangeEvent.Commit;
import io.pgsync.core.change.ChangeEvent.Message;
import io.pgsync.core.change.ChangeEvent.RelationDescribed;
import io.pgsync.core.change.ChangeEvent.Truncated;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.OldRow;
import io.pgsync.core.change.Relation;
import io.pgsync.core.change.Row;
import io.pgsync.core.change.RowChange.RowDeleted;
import io.pgsync.core.change.RowChange.RowInserted;
import io.pgsync.core.change.RowChange.RowUpdated;
import io.pgsync.core.change.Xid;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.nio.BufferUnderflowException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decodes pgoutput's protocol version 1 ("Logical Replication Message Formats" in the PostgreSQL manual), one message
 * at a time, and checks the order on which the rest of the program relies. It remembers the tables that were announced,
 * so each connection needs its own instance. Messages must come in order, from one thread at a time.
 */
public final class PgOutputDecoder {
    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final RelationCatalog relations = new RelationCatalog();
    private final TransactionOrder order = new TransactionOrder();
    private final TextEncoding encoding;

    /** For texts in UTF-8. */
    public PgOutputDecoder() {
        this(TextEncoding.UTF8);
    }

    public PgOutputDecoder(TextEncoding encoding) {
        this.encoding = encoding;
    }

    /**
     * The event in {@code message}; empty for messages that are not about data (Origin, Type). Rows keep the array and
     * read it later, so it must not change.
     *
     * @throws SyncException RETRY if the message breaks the protocol, STOP if the slot or its options are not supported
     */
    public Optional<ChangeEvent> decode(byte[] message) {
        try {
            return decode(new MessageReader(message, encoding));
        } catch (ProtocolViolation violation) {
            throw violated(String.valueOf(violation.getMessage()), violation);
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException cut) {
            throw violated("a message of " + message.length + " bytes that ends too early", cut);
        }
    }

    private Optional<ChangeEvent> decode(MessageReader reader) {
        byte type = reader.int8();
        return switch (type) {
            case 'B' -> Optional.of(begin(reader));
            case 'C' -> Optional.of(commit(reader));
            case 'I' -> Optional.of(inserted(reader));
            case 'U' -> Optional.of(updated(reader));
            case 'D' -> Optional.of(deleted(reader));
            case 'R' -> Optional.of(new RelationDescribed(relations.describe(reader)));
            case 'T' -> Optional.of(truncated(reader));
            case 'M' -> Optional.of(message(reader));
            case 'O', 'Y' -> Optional.empty();
            case 'S', 'E', 'c', 'A' -> throw unsupported("streams unfinished transactions, which was not asked for");
            case 'b', 'P', 'K', 'r', 'p' ->
                throw unsupported("sends prepared transactions (it was created with two_phase)");
            default -> throw new ProtocolViolation("a message of the unknown type '" + (char) type + "'");
        };
    }

    private Begin begin(MessageReader reader) {
        var finalLsn = new Lsn(reader.int64());
        Instant committedAt = timestamp(reader);
        var begin = new Begin(new Xid(reader.int32()), finalLsn, committedAt);
        order.begin(begin);
        return begin;
    }

    private Commit commit(MessageReader reader) {
        reader.skip(Byte.BYTES); // flags, none defined
        var commit = new Commit(new Lsn(reader.int64()), new Lsn(reader.int64()), timestamp(reader));
        order.commit(commit);
        return commit;
    }

    private RowInserted inserted(MessageReader reader) {
        Relation relation = changedRelation(reader, "Insert");
        expectNewTuple(reader.int8());
        return new RowInserted(relation, tuple(reader, relation));
    }

    private RowUpdated updated(MessageReader reader) {
        Relation relation = changedRelation(reader, "Update");
        byte kind = reader.int8();
        Optional<OldRow> before = Optional.empty();
        if (kind == 'K' || kind == 'O') {
            before = Optional.of(oldRow(kind, reader, relation));
            kind = reader.int8();
        }
        expectNewTuple(kind);
        TupleRow after = tuple(reader, relation);
        return new RowUpdated(relation, before, fillToast(after, before));
    }

    private RowDeleted deleted(MessageReader reader) {
        Relation relation = changedRelation(reader, "Delete");
        return new RowDeleted(relation, oldRow(reader.int8(), reader, relation));
    }

    private Truncated truncated(MessageReader reader) {
        order.inTransaction("Truncate");
        int count = reader.int32();
        reader.skip(Byte.BYTES); // CASCADE and RESTART IDENTITY: the tables reached by a cascade are listed anyway
        List<Relation> tables = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tables.add(relations.get(reader.int32()));
        }
        return new Truncated(tables);
    }

    private Message message(MessageReader reader) {
        boolean transactional = (reader.int8() & 1) != 0;
        if (transactional) {
            order.inTransaction("a transactional message");
        }
        var lsn = new Lsn(reader.int64());
        String prefix = reader.cString();
        return new Message(transactional, lsn, prefix, reader.view(reader.int32()));
    }

    private Relation changedRelation(MessageReader reader, String what) {
        order.inTransaction(what);
        return relations.get(reader.int32());
    }

    private static OldRow oldRow(byte kind, MessageReader reader, Relation relation) {
        return switch (kind) {
            case 'K' -> new OldRow(OldRow.Kind.KEY, new KeyRow(relation, tuple(reader, relation)));
            case 'O' -> new OldRow(OldRow.Kind.FULL, tuple(reader, relation));
            default -> throw new ProtocolViolation("an old tuple of the unknown kind '" + (char) kind + "'");
        };
    }

    private static TupleRow tuple(MessageReader reader, Relation relation) {
        TupleRow tuple = TupleRow.read(reader);
        if (tuple.size() != relation.columns().size()) {
            throw new ProtocolViolation("a tuple of %d columns for %s, which has %d"
                    .formatted(tuple.size(), relation.name(), relation.columns().size()));
        }
        return tuple;
    }

    private static Row fillToast(TupleRow after, Optional<OldRow> before) {
        if (after.hasUnchangedToast() && before.isPresent() && before.get().kind() == OldRow.Kind.FULL) {
            return new ToastFilledRow(after, before.get().row());
        }
        return after;
    }

    private static void expectNewTuple(byte kind) {
        if (kind != 'N') {
            throw new ProtocolViolation("'" + (char) kind + "' where the new tuple should be");
        }
    }

    private static Instant timestamp(MessageReader reader) {
        return POSTGRES_EPOCH.plus(reader.int64(), ChronoUnit.MICROS);
    }

    private SyncException violated(String what, RuntimeException cause) {
        return new SyncException(
                Remedy.RETRY,
                "The replication stream broke its protocol %s: %s. The stream has to be opened again"
                        .formatted(order.position(), what),
                cause);
    }

    private SyncException unsupported(String what) {
        return new SyncException(
                Remedy.STOP,
                "The replication slot %s (%s). Drop it and create it again with bootstrap"
                        .formatted(what, order.position()));
    }
}
