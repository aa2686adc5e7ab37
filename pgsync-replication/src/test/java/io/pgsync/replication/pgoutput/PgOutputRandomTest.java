package io.pgsync.replication.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeEvent.Begin;
import io.pgsync.core.change.ChangeEvent.Commit;
import io.pgsync.core.change.ChangeEvent.Message;
import io.pgsync.core.change.ChangeEvent.RelationDescribed;
import io.pgsync.core.change.ChangeEvent.Truncated;
import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.OldRow;
import io.pgsync.core.change.Relation;
import io.pgsync.core.change.Relation.Column;
import io.pgsync.core.change.Relation.ReplicaIdentity;
import io.pgsync.core.change.RowChange.RowDeleted;
import io.pgsync.core.change.RowChange.RowInserted;
import io.pgsync.core.change.RowChange.RowUpdated;
import io.pgsync.core.change.TableName;
import io.pgsync.core.change.Xid;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

class PgOutputRandomTest {
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<Relation> relations = new ArrayList<>();
    private long position = 1 + random.nextInt(1_000);

    @RepeatedTest(200)
    void decodesWhatWasEncoded() {
        List<ChangeEvent> stream = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            transaction(stream);
        }

        var decoder = new PgOutputDecoder();
        List<ChangeEvent> decoded = stream.stream()
                .map(event -> decoder.decode(PgOutputBytes.of(event)).orElseThrow())
                .map(PlainRow::read)
                .toList();

        assertThat(decoded).as("seed %d", seed).isEqualTo(stream);
    }

    private void transaction(List<ChangeEvent> stream) {
        var commitLsn = advance();
        Instant at = Instant.EPOCH.plus(random.nextLong(2_000_000_000_000_000L), ChronoUnit.MICROS);
        stream.add(new Begin(new Xid(random.nextInt()), commitLsn, at));
        for (int i = random.nextInt(30); i > 0; i--) {
            if (relations.isEmpty() || random.nextInt(8) == 0) {
                relations.add(relation());
                stream.add(new RelationDescribed(relations.get(relations.size() - 1)));
            }
            stream.add(change(relations.get(random.nextInt(relations.size()))));
        }
        stream.add(new Commit(commitLsn, advance(), at));
    }

    private ChangeEvent change(Relation relation) {
        return switch (random.nextInt(6)) {
            case 0, 1 -> new RowInserted(relation, row(relation, false));
            case 2 -> new RowUpdated(relation, Optional.empty(), row(relation, true));
            case 3 -> new RowUpdated(relation, Optional.of(old(relation)), row(relation, false));
            case 4 -> new RowDeleted(relation, old(relation));
            default ->
                random.nextBoolean()
                        ? new Truncated(List.of(relation))
                        : new Message(random.nextBoolean(), advance(), text(), ByteBuffer.wrap(text().getBytes()));
        };
    }

    private Relation relation() {
        List<Column> columns = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            columns.add(new Column("c" + i + text(), random.nextInt(), random.nextBoolean()));
        }
        var identity = ReplicaIdentity.values()[random.nextInt(4)];
        return new Relation(relations.size(), new TableName("s" + text(), text()), identity, columns);
    }

    private OldRow old(Relation relation) {
        if (random.nextBoolean()) {
            return new OldRow(OldRow.Kind.FULL, row(relation, false));
        }
        List<ColumnValue> values = relation.columns().stream()
                .map(column -> column.partOfIdentity() ? value(false) : ColumnValue.UnchangedToast.INSTANCE)
                .toList();
        return new OldRow(OldRow.Kind.KEY, new PlainRow(values));
    }

    private PlainRow row(Relation relation, boolean unchangedToast) {
        return new PlainRow(
                relation.columns().stream().map(column -> value(unchangedToast)).toList());
    }

    private ColumnValue value(boolean unchangedToast) {
        return switch (random.nextInt(5)) {
            case 0 -> ColumnValue.SqlNull.INSTANCE;
            case 1 -> unchangedToast ? ColumnValue.UnchangedToast.INSTANCE : ColumnValue.SqlNull.INSTANCE;
            default -> new ColumnValue.Text(text());
        };
    }

    private String text() {
        return random.ints(random.nextInt(12), 1, 0x3000)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private Lsn advance() {
        position += 1 + random.nextInt(1_000_000);
        return new Lsn(position);
    }
}
