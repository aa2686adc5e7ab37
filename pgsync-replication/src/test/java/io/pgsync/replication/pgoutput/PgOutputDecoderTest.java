package io.pgsync.replication.pgoutput;

import static io.pgsync.replication.pgoutput.MessageAssert.assertThatMessages;
import static io.pgsync.replication.pgoutput.PlainRow.UNSENT;
import static io.pgsync.replication.pgoutput.PlainRow.full;
import static io.pgsync.replication.pgoutput.PlainRow.key;
import static io.pgsync.replication.pgoutput.PlainRow.row;

import io.pgsync.core.change.ChangeEvent.Begin;
import io.pgsync.core.change.ChangeEvent.Commit;
import io.pgsync.core.change.ChangeEvent.Message;
import io.pgsync.core.change.ChangeEvent.RelationDescribed;
import io.pgsync.core.change.ChangeEvent.Truncated;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.Relation;
import io.pgsync.core.change.Relation.Column;
import io.pgsync.core.change.Relation.ReplicaIdentity;
import io.pgsync.core.change.RowChange.RowDeleted;
import io.pgsync.core.change.RowChange.RowInserted;
import io.pgsync.core.change.RowChange.RowUpdated;
import io.pgsync.core.change.TableName;
import io.pgsync.core.change.Xid;
import io.pgsync.core.failure.Remedy;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PgOutputDecoderTest {
    private static final String BEGIN = "42 00000000 00000100 0000000000000001 00000309";
    private static final String COMMIT = "43 00 0000000000000100 0000000000000130 0000000000000001";

    // public.book (id int4 part of the identity, title text)
    private static final String BOOK_RELATION =
            "52 00004000 7075626C696300 626F6F6B00 64 0002 01 696400 00000017 FFFFFFFF 00 7469746C6500 00000019 FFFFFFFF";
    private static final Relation BOOK = new Relation(
            0x4000,
            new TableName("public", "book"),
            ReplicaIdentity.DEFAULT,
            List.of(new Column("id", 23, true), new Column("title", 25, false)));

    private static final String ONE = "74 00000001 31";
    private static final String TWO = "74 00000001 32";
    private static final String UE = "74 00000002 C3BC";

    private static final Instant A_MICROSECOND_INTO_2000 = Instant.parse("2000-01-01T00:00:00.000001Z");

    @Test
    void decodesATransaction() {
        assertThatMessages(BEGIN, COMMIT)
                .decodeTo(
                        new Begin(new Xid(777), new Lsn(0x100), A_MICROSECOND_INTO_2000),
                        new Commit(new Lsn(0x100), new Lsn(0x130), A_MICROSECOND_INTO_2000));
    }

    @Test
    void decodesARelation() {
        assertThatMessages(BOOK_RELATION).decodeTo(new RelationDescribed(BOOK));
    }

    @Test
    void knowsEveryReplicaIdentity() {
        for (ReplicaIdentity identity : ReplicaIdentity.values()) {
            String letter =
                    "%02X".formatted((int) Character.toLowerCase(identity.name().charAt(0)));
            assertThatMessages("52 00000001 00 7400 " + letter + " 0000")
                    .decodeTo(new RelationDescribed(
                            new Relation(1, new TableName("pg_catalog", "t"), identity, List.of())));
        }
    }

    @Test
    void decodesAnInsertWithTextAndNull() {
        assertThatMessages(BEGIN, BOOK_RELATION, "49 00004000 4E 0002 " + ONE + " 6E")
                .endWith(new RowInserted(BOOK, row("1", null)));
        assertThatMessages(BEGIN, BOOK_RELATION, "49 00004000 4E 0002 " + ONE + UE)
                .endWith(new RowInserted(BOOK, row("1", "ü")));
    }

    @Test
    void decodesAnUpdateThatKeepsTheKey() {
        assertThatMessages(BEGIN, BOOK_RELATION, "55 00004000 4E 0002 " + ONE + UE)
                .endWith(new RowUpdated(BOOK, Optional.empty(), row("1", "ü")));
    }

    @Test
    void decodesAnUpdateThatChangesTheKeyAndShowsOnlyTheOldKey() {
        assertThatMessages(BEGIN, BOOK_RELATION, "55 00004000 4B 0002 " + ONE + " 6E 4E 0002 " + TWO + UE)
                .endWith(new RowUpdated(BOOK, Optional.of(key("1", UNSENT)), row("2", "ü")));
    }

    @Test
    void decodesAnUpdateWithTheFullOldRow() {
        assertThatMessages(BEGIN, BOOK_RELATION, "55 00004000 4F 0002 " + ONE + " 6E 4E 0002 " + ONE + UE)
                .endWith(new RowUpdated(BOOK, Optional.of(full("1", null)), row("1", "ü")));
    }

    @Test
    void leavesUnchangedToastOpenWithoutTheOldRow() {
        assertThatMessages(BEGIN, BOOK_RELATION, "55 00004000 4E 0002 " + ONE + " 75")
                .endWith(new RowUpdated(BOOK, Optional.empty(), row("1", UNSENT)));
        assertThatMessages(BEGIN, BOOK_RELATION, "55 00004000 4B 0002 " + ONE + " 6E 4E 0002 " + TWO + " 75")
                .endWith(new RowUpdated(BOOK, Optional.of(key("1", UNSENT)), row("2", UNSENT)));
    }

    @Test
    void fillsUnchangedToastFromTheFullOldRow() {
        assertThatMessages(BEGIN, BOOK_RELATION, "55 00004000 4F 0002 " + ONE + UE + " 4E 0002 " + TWO + " 75")
                .endWith(new RowUpdated(BOOK, Optional.of(full("1", "ü")), row("2", "ü")));
    }

    @Test
    void leavesUnchangedToastOpenWhereTheFullOldRowHasANull() {
        assertThatMessages(BEGIN, BOOK_RELATION, "55 00004000 4F 0002 " + ONE + " 6E 4E 0002 " + TWO + " 75")
                .endWith(new RowUpdated(BOOK, Optional.of(full("1", null)), row("2", UNSENT)));
    }

    @Test
    void decodesDeletesByKeyAndInFull() {
        assertThatMessages(BEGIN, BOOK_RELATION, "44 00004000 4B 0002 " + ONE + " 6E")
                .endWith(new RowDeleted(BOOK, key("1", UNSENT)));
        assertThatMessages(BEGIN, BOOK_RELATION, "44 00004000 4F 0002 " + ONE + UE)
                .endWith(new RowDeleted(BOOK, full("1", "ü")));
    }

    @Test
    void decodesATruncateOfSeveralTables() {
        var tag = new Relation(0x4001, new TableName("s", "tag"), ReplicaIdentity.FULL, List.of());

        assertThatMessages(
                        BEGIN, BOOK_RELATION, "52 00004001 7300 74616700 66 0000", "54 00000002 01 00004000 00004001")
                .endWith(new Truncated(List.of(BOOK, tag)));
    }

    @Test
    void decodesMessagesInsideAndOutsideOfATransaction() {
        var content = ByteBuffer.wrap(new byte[] {1, 2});

        assertThatMessages(BEGIN, "4D 01 00000000000000F0 706700 00000002 0102")
                .endWith(new Message(true, new Lsn(0xF0), "pg", content));
        assertThatMessages("4D 00 00000000000000F0 706700 00000002 0102")
                .decodeTo(new Message(false, new Lsn(0xF0), "pg", content));
    }

    @Test
    void consumesOriginsAndTypes() {
        assertThatMessages("4F 0000000000000001 6F00", "59 00005000 7075626C696300 6D6F6F6400")
                .decodeTo();
    }

    @Test
    void usesTheLatestFormOfATable() {
        String narrowed = "52 00004000 7075626C696300 626F6F6B00 64 0001 01 696400 00000017 FFFFFFFF";
        var book = new Relation(0x4000, BOOK.name(), ReplicaIdentity.DEFAULT, List.of(new Column("id", 23, true)));

        assertThatMessages(BEGIN, BOOK_RELATION, narrowed, "49 00004000 4E 0001 " + ONE)
                .endWith(new RowInserted(book, row("1")));
    }

    @Test
    void refusesAnUnknownRelation() {
        assertThatMessages(BEGIN, "49 00004000 4E 0001 " + ONE).failWith(Remedy.RETRY, "relation 16384", "0/100");
    }

    @Test
    void refusesATupleOfAnotherWidth() {
        assertThatMessages(BEGIN, BOOK_RELATION, "49 00004000 4E 0001 " + ONE)
                .failWith(Remedy.RETRY, "1 columns", "public.book", "0/100");
    }

    @Test
    void refusesChangesOutsideOfATransaction() {
        assertThatMessages(BEGIN, COMMIT, BOOK_RELATION, "49 00004000 4E 0002 " + ONE + UE)
                .failWith(Remedy.RETRY, "Insert outside of a transaction", "after 0/130");
    }

    @Test
    void refusesTransactionsInsideOneAnother() {
        assertThatMessages(BEGIN, BEGIN).failWith(Remedy.RETRY, "Begin inside");
        assertThatMessages(COMMIT).failWith(Remedy.RETRY, "without Begin");
    }

    @Test
    void refusesACommitAtAnotherPositionThanPromised() {
        assertThatMessages(BEGIN, "43 00 0000000000000101 0000000000000130 0000000000000001")
                .failWith(Remedy.RETRY, "0/101", "0/100");
    }

    @Test
    void refusesACommitThatEndsBeforeItself() {
        assertThatMessages(BEGIN, "43 00 0000000000000100 0000000000000100 0000000000000001")
                .failWith(Remedy.RETRY, "ends at 0/100");
    }

    @Test
    void refusesATransactionThatStepsBack() {
        assertThatMessages(BEGIN, COMMIT, BEGIN).failWith(Remedy.RETRY, "0/100", "ended at 0/130");
    }

    @Test
    void refusesWhatWasNotAskedFor() {
        for (String type : List.of("53", "45", "63", "41")) {
            assertThatMessages(type).failWith(Remedy.STOP, "unfinished transactions");
        }
        for (String type : List.of("62", "50", "4B", "72", "70")) {
            assertThatMessages(type).failWith(Remedy.STOP, "two_phase");
        }
    }

    @Test
    void refusesUnknownTypesAndCutMessages() {
        assertThatMessages("7A").failWith(Remedy.RETRY, "unknown type 'z'");
        assertThatMessages("42 0000").failWith(Remedy.RETRY, "ends too early");
        assertThatMessages(BEGIN, BOOK_RELATION, "49 00004000 4E 0002 74 00000009 31")
                .failWith(Remedy.RETRY, "ends too early");
        assertThatMessages(BEGIN, BOOK_RELATION, "49 00004000 4E 0002 74 FFFFFFF0 31")
                .failWith(Remedy.RETRY, "length -16");
        assertThatMessages(BEGIN, BOOK_RELATION, "49 00004000 4E 0002 62 00000001 31 6E")
                .failWith(Remedy.RETRY, "kind 'b'");
    }
}
