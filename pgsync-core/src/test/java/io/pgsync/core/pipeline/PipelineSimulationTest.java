package io.pgsync.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Random histories of a source whose commits become visible late, an index whose writes arrive late and twice and that forgets its deletes,
 * loads that are asked for, and a process that dies. The seed is the repetition; {@code -Dpgsync.simulation.offset=N} tries others.
 */
class PipelineSimulationTest {
    @RepeatedTest(300)
    void whateverHappensTheQuietIndexEqualsARebuild(RepetitionInfo run) {
        live(run, false);
    }

    @RepeatedTest(300)
    void throughALogOfWorkToo(RepetitionInfo run) {
        live(run, true);
    }

    private static void live(RepetitionInfo run, boolean logged) {
        long seed = Long.getLong("pgsync.simulation.offset", 0) + run.getCurrentRepetition();
        var world = new SimulatedWorld(seed, logged);
        var transactions = new RandomTransactions(new Random(-seed), world.source);
        var requests = new Random(~seed);
        for (int i = 0; i < 10; i++) {
            transactions.commitOne();
        }

        world.start();
        for (int i = 0; i < 40; i++) {
            world.pass(world.random.nextInt(15));
            transactions.commitOne();
            if (requests.nextInt(12) == 0) {
                world.askForBackfill();
            } else if (requests.nextInt(12) == 0) {
                world.askForRepair();
            }
            if (world.random.nextInt(12) == 0) {
                world.crash();
                world.start();
            }
        }
        // Each search waits for everything that is in the log, so these runs are slower.
        int calm = logged ? 6_000 : 2_000;
        world.pass(calm);
        // What was asked for last is noticed when the position next moves.
        transactions.commitOne();
        world.pass(calm);
        world.drain();

        world.checkAgainstRebuild();
        assertThat(world.violations).as("seed %d", seed).isEmpty();
    }
}
