package io.pgsync.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.ChangeEvent.Commit;
import io.pgsync.core.change.Lsn;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CommitTimesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final CommitTimes times = new CommitTimes();

    @Test
    void knowsNothingBeforeTheFirstCommit() {
        commit(10, 0);

        assertThat(times.upTo(new Lsn(9))).isEmpty();
    }

    @Test
    void givesTheTimeOfTheLastCommitThatIsStored() {
        commit(10, 0);
        commit(20, 200);
        commit(30, 400);

        assertThat(times.upTo(new Lsn(25))).contains(NOON.plusMillis(200));
        assertThat(times.upTo(new Lsn(29))).contains(NOON.plusMillis(200));
        assertThat(times.upTo(new Lsn(30))).contains(NOON.plusMillis(400));
    }

    @Test
    void commitsOfOneMomentCountAsOne() {
        commit(10, 0);
        commit(20, 99);

        assertThat(times.upTo(new Lsn(20))).contains(NOON);
    }

    /** With a log of work, nothing may be stored for days. */
    @Test
    void keepsFewOfVeryManyThatAreNotStored() {
        for (int i = 1; i <= 200_000; i++) {
            commit(i * 10L, i * 100L);
        }

        assertThat(times.kept()).isLessThan(40_001);
        assertThat(times.upTo(new Lsn(1_000_000)).orElseThrow())
                .isBetween(NOON.plusSeconds(9_000), NOON.plusSeconds(10_000));
        assertThat(times.upTo(new Lsn(2_000_000))).contains(NOON.plusSeconds(20_000));
    }

    private void commit(long end, long millis) {
        times.note(new Commit(new Lsn(end - 1), new Lsn(end), NOON.plusMillis(millis)));
    }
}
