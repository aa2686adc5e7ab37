package io.pgsync.kafka.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.version.ReadVersions;
import io.pgsync.kafka.control.Committed;
import io.pgsync.kafka.record.WorkRecord;
import io.pgsync.kafka.record.WorkRecord.Beat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class PartitionReadingTest {
    private final PartitionReading reading = new PartitionReading(new Committed(17, "4:16"), 0);
    private final List<Runnable> done = new ArrayList<>();

    private static WorkRecord record(long number) {
        return new Beat(ReadVersions.beginOf(4), number, Instant.EPOCH);
    }

    private void take(int count) {
        for (int i = 0; i < count; i++) {
            WorkRecord next = record(17L + done.size());
            assertThat(reading.missingBefore(next)).isEmpty();
            done.add(reading.take(17L + done.size(), next));
        }
    }

    /** A crash takes up there, so nothing behind a record that is not done counts. */
    @Test
    void theLongestRunOfDoneRecordsIsCommitted() {
        take(4);
        done.get(3).run();
        assertThat(reading.toCommit()).isNull();
        assertThat(reading.open()).isEqualTo(4);

        done.get(0).run();
        done.get(1).run();

        assertThat(reading.toCommit()).isEqualTo(new OffsetAndMetadata(19, "4:18"));
        assertThat(reading.open()).isEqualTo(2);
        done.get(2).run();
        assertThat(reading.toCommit()).isEqualTo(new OffsetAndMetadata(21, "4:20"));
    }

    @Test
    void whatIsCommittedNeedNotBeAgain() {
        take(1);
        done.get(0).run();

        reading.committed(new OffsetAndMetadata(18, "4:17"));

        assertThat(reading.toCommit()).isNull();
        assertThat(reading.committed()).isEqualTo(new Committed(18, "4:17"));
        assertThat(reading.next()).isEqualTo(18);
    }

    @Test
    void aHoleIsTold() {
        assertThat(reading.missingBefore(record(19))).contains("records 17 to 18 of generation 4 are missing");
    }
}
