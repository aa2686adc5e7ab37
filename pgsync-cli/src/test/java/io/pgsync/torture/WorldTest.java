package io.pgsync.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.torture.fault.Fault;
import io.pgsync.torture.fault.Troubles;
import io.pgsync.torture.world.Condition;
import io.pgsync.torture.world.Switches;
import io.pgsync.torture.world.World;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WorldTest {
    @Test
    void theTreesOfTheShortFormMeetEveryCondition() {
        var met = EnumSet.noneOf(Condition.class);

        TortureIT.shortForm()
                .forEach(seed -> met.addAll(World.of(seed, Switches.ALL_ON).conditions()));

        // Spared by it.
        met.add(Condition.WORK_LOG);
        assertThat(met).containsExactlyInAnyOrder(Condition.values());
    }

    @Test
    void aConditionThatIsSparedLeavesTheOthersAsTheyAre() {
        var spared = Troubles.without(List.of("wide-rows"));

        for (var seed : LongStream.range(0, 50).toArray()) {
            var expected = EnumSet.noneOf(Condition.class);
            expected.addAll(World.of(seed, Switches.ALL_ON).conditions());
            expected.remove(Condition.WIDE_ROWS);
            assertThat(World.of(seed, spared).conditions()).isEqualTo(expected);
        }
    }

    @Test
    void onlyWhatIsNamedIsOn() {
        var switches = Troubles.only(List.of("kill-daemon", "far-log"));

        assertThat(Troubles.all().filter(switches::isOn)).containsExactly(Condition.FAR_LOG, Fault.KILL_DAEMON);
    }

    @Test
    void aNameThatIsUnknownIsRefusedWithThoseThatAreNot() {
        assertThatThrownBy(() -> Troubles.without(List.of("earthquake")))
                .hasMessageContaining("\"earthquake\"")
                .hasMessageContaining("kill-daemon");
    }
}
