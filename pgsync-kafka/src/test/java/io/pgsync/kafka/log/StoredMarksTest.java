package io.pgsync.kafka.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.kafka.lane.LaneProgress;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class StoredMarksTest {
    private static final TopicPartition PLACE = new TopicPartition("fresh", 0);

    private final StoredMarks marks = new StoredMarks();
    private long committed;
    private long searched;
    private long end;

    private Optional<Lsn> reached() {
        var lanes = new LaneProgress() {
            @Override
            public boolean isCommitted(Map<TopicPartition, Long> ends) {
                return ends.values().stream().allMatch(offset -> offset <= committed);
            }

            @Override
            public long searched() {
                return searched;
            }
        };
        return marks.reached(lanes, () -> Map.of(PLACE, end));
    }

    private void mark(long position, long searches, long offset) {
        marks.add(new Lsn(position), searches, Map.of(PLACE, offset));
    }

    @Test
    void aPositionIsStoredWithTheRootsBeforeIt() {
        mark(10, 0, 3);
        mark(20, 0, 5);

        committed = 4;
        assertThat(reached()).contains(new Lsn(10));
        assertThat(reached()).isEmpty();
        committed = 5;
        assertThat(reached()).contains(new Lsn(20));
        assertThat(marks.stored()).isEqualTo(new Lsn(20));
    }

    /** They append roots behind those that were there when the position was marked. */
    @Test
    void whatItsSearchesHaveFoundBelongsToAPosition() {
        mark(10, 2, 3);
        committed = 3;
        end = 3;
        searched = 1;
        assertThat(reached()).isEmpty();

        end = 9;
        searched = 2;
        assertThat(reached()).isEmpty();

        end = 12;
        committed = 9;
        assertThat(reached()).contains(new Lsn(10));
    }

    @Test
    void anEarlierPositionThanTheLastHasNoEffect() {
        mark(20, 0, 5);
        mark(10, 0, 1);

        committed = 4;
        assertThat(reached()).isEmpty();
    }

    /** The engine is away for a week. */
    @Test
    void ofVeryManyTheLastIsToldAndOthersNear() {
        for (int i = 1; i <= 100_000; i++) {
            mark(i, 0, i);
        }

        committed = 50_000;
        assertThat(reached().orElseThrow()).isBetween(new Lsn(40_000), new Lsn(50_000));
        committed = 100_000;
        assertThat(reached()).contains(new Lsn(100_000));
    }
}
