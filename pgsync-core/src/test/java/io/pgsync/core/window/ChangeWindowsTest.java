package io.pgsync.core.window;

import static io.pgsync.core.tree.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.LoggedTable;
import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeEvent.Begin;
import io.pgsync.core.change.ChangeEvent.Commit;
import io.pgsync.core.change.ChangeEvent.Message;
import io.pgsync.core.change.ChangeWindow;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.Xid;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class ChangeWindowsTest {
    private static final ChangeEvent ROW =
            LoggedTable.of(table("book", "id int4 pk")).insert("1");

    @Test
    void aTransactionMayLieInSeveralWindows() {
        List<ChangeWindow> windows = windows(3, begin(7), ROW, ROW, ROW, ROW, ROW, commit(100));

        assertThat(windows).extracting(w -> w.changes().size()).containsExactly(2, 3, 0);
        assertThat(windows).extracting(ChangeWindow::committed).containsExactly(xids(7), xids(7), xids());
        assertThat(windows).extracting(w -> w.end().map(Lsn::value).orElse(-1L)).containsExactly(-1L, -1L, 100L);
        long inTheCommitRecord = finalLsn(7).value() + 1;
        assertThat(windows)
                .extracting(w -> w.reach().map(Lsn::value).orElse(-1L))
                .containsExactly(inTheCommitRecord, inTheCommitRecord, 100L);
    }

    @Test
    void aWindowMayHoldSeveralTransactionsAndEndsBehindTheLastCommit() {
        List<ChangeWindow> windows =
                windows(7, begin(7), ROW, commit(100), begin(8), commit(200), begin(9), ROW, ROW, commit(300));

        assertThat(windows.get(0).committed()).containsExactlyInAnyOrder(new Xid(7), new Xid(9));
        assertThat(windows.get(0).end()).contains(new Lsn(200));
        assertThat(windows.get(1).committed()).containsExactly(new Xid(9));
        assertThat(windows.get(1).end()).contains(new Lsn(300));
    }

    @Test
    void aWindowCountsWhatItsEventsKeepTheMessagesThatItLeavesOutToo() {
        ChangeEvent message = new Message(true, new Lsn(5), "app", ByteBuffer.allocate(70));

        List<ChangeWindow> windows = windows(3, begin(7), message, message, message, commit(100));

        assertThat(windows).extracting(ChangeWindow::footprint).containsExactly(140L, 70L);
    }

    @Test
    void aTransactionWithoutChangesStillMovesThePosition() {
        List<ChangeWindow> windows = windows(10, begin(7), message(), commit(100));

        assertThat(windows).hasSize(1);
        assertThat(windows.get(0).changes()).isEmpty();
        assertThat(windows.get(0).committed()).isEmpty();
        assertThat(windows.get(0).end()).contains(new Lsn(100));
    }

    @Test
    void aWindowKnowsTheCommitOfItsFirstTransactionEvenIfThatComesLater() {
        List<ChangeWindow> windows = windows(3, begin(7), ROW, ROW, ROW, commit(100), begin(8), ROW, commit(200));

        assertThat(windows)
                .extracting(window -> window.commit().orElse(Lsn.ZERO))
                .containsExactly(finalLsn(7), finalLsn(7), finalLsn(8));
    }

    @Test
    void aMessageOutsideOfTransactionsMovesNothing() {
        assertThat(windows(10, message())).singleElement().satisfies(window -> {
            assertThat(window.commit()).isEmpty();
            assertThat(window.end()).isEmpty();
        });
    }

    @Test
    void eachSubscriptionCutsItsOwnTransactions() {
        Flux<ChangeWindow> windows = ChangeWindows.of(Flux.just(begin(7), ROW), 1, VirtualTimeScheduler.create());

        assertThat(windows.blockLast()).isEqualTo(windows.blockLast());
    }

    private static List<ChangeWindow> windows(int size, ChangeEvent... events) {
        var windows = new ArrayList<ChangeWindow>();
        var cut = ChangeWindows.of(Flux.just(events), size, VirtualTimeScheduler.create());
        StepVerifier.create(cut.doOnNext(windows::add), 0)
                .thenAwait()
                // Only now, when all have arrived.
                .thenRequest(Long.MAX_VALUE)
                .thenConsumeWhile(window -> true)
                .verifyComplete();
        return windows;
    }

    private static Begin begin(int xid) {
        return new Begin(new Xid(xid), finalLsn(xid), Instant.EPOCH);
    }

    private static Lsn finalLsn(int xid) {
        return new Lsn(1_000 + xid);
    }

    private static Commit commit(long end) {
        return new Commit(new Lsn(end - 1), new Lsn(end), Instant.EPOCH);
    }

    private static Message message() {
        return new Message(false, new Lsn(5), "pgsync", ByteBuffer.allocate(0));
    }

    private static Set<Xid> xids(int... values) {
        return IntStream.of(values).mapToObj(Xid::new).collect(Collectors.toSet());
    }
}
