package io.pgsync.replication.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.change.Xid;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PgSnapshotTest {
    private static final long EPOCH = 1L << 32;

    @Test
    void readsTheServersForm() {
        assertThat(PgSnapshot.parse("10:20:10,14,15")).isEqualTo(new PgSnapshot(10, 20, Set.of(10L, 14L, 15L)));
        assertThat(PgSnapshot.parse("795:799:")).isEqualTo(new PgSnapshot(795, 799, Set.of()));
    }

    @Test
    void refusesAnotherForm() {
        assertThatThrownBy(() -> PgSnapshot.parse("10:20")).hasMessageContaining("Not a snapshot: '10:20'");
    }

    @Test
    void seesWhatEndedBeforeIt() {
        var snapshot = PgSnapshot.parse("10:20:10,14");

        assertThat(snapshot.sees(9)).isTrue();
        assertThat(snapshot.sees(11)).isTrue();
        assertThat(snapshot.sees(19)).isTrue();
        assertThat(snapshot.sees(10)).isFalse();
        assertThat(snapshot.sees(14)).isFalse();
        assertThat(snapshot.sees(20)).isFalse();
        assertThat(snapshot.sees(21)).isFalse();
    }

    @Test
    void widensAnIdToTheNearestEpoch() {
        var afterWrapAround = new PgSnapshot(3 * EPOCH + 5, 3 * EPOCH + 10, Set.of());
        var beforeWrapAround = new PgSnapshot(4 * EPOCH - 8, 4 * EPOCH - 3, Set.of());

        assertThat(afterWrapAround.widen(new Xid(7))).isEqualTo(3 * EPOCH + 7);
        assertThat(afterWrapAround.widen(new Xid(-4))).isEqualTo(3 * EPOCH - 4);
        assertThat(beforeWrapAround.widen(new Xid(-3))).isEqualTo(4 * EPOCH - 3);
        assertThat(beforeWrapAround.widen(new Xid(2))).isEqualTo(4 * EPOCH + 2);
    }

    @Test
    void coversAnotherOnlyWhenItSeesAllOfIt() {
        var exported = PgSnapshot.parse("10:20:12,14");

        assertThat(PgSnapshot.parse("12:20:12,14").covers(exported)).isTrue();
        assertThat(PgSnapshot.parse("21:25:22").covers(exported)).isTrue();
        assertThat(PgSnapshot.parse("12:19:12,14").covers(exported)).isFalse();
        assertThat(PgSnapshot.parse("13:25:13").covers(exported)).isFalse();
    }
}
