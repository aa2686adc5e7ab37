package io.pgsync.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.torture.tree.RandomTree;
import io.pgsync.torture.world.Switches;
import io.pgsync.torture.world.World;
import org.junit.jupiter.api.Test;

class HistoryTest {
    @Test
    void theSameSeedGivesTheSameHistory() {
        var one = history(7);
        var other = history(7);

        assertThat(one).isEqualTo(other);
        assertThat(history(8)).isNotEqualTo(one);
    }

    private static History history(long seed) {
        var tree = RandomTree.of(seed, World.of(seed, Switches.ALL_ON));
        return History.random(seed, 3, tree.tables(), Switches.ALL_ON);
    }
}
