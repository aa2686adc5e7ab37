package io.pgsync.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.torture.fault.Fault;
import io.pgsync.torture.tree.RandomTree;
import io.pgsync.torture.world.Switches;
import io.pgsync.torture.world.World;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What strikes in {@link TortureIT} is known before it runs. */
class ShortFormTest {
    @Test
    void hasTheCommandsThatRunBesideTheDaemon() {
        var faults = TortureIT.shortForm()
                .boxed()
                .flatMap(seed -> IntStream.range(0, TortureIT.HISTORIES).mapToObj(number -> history(seed, number)))
                .flatMap(history -> history.faults().values().stream());

        assertThat(faults).contains(Fault.REINDEX, Fault.VERIFY, Fault.REFUSED_RETRY);
    }

    private static History history(long seed, int number) {
        var tree = RandomTree.of(seed, World.of(seed, Switches.ALL_ON));
        return History.random(seed, number, tree.tables(), Switches.ALL_ON);
    }
}
