package io.pgsync.torture.tree;

import io.pgsync.torture.world.Condition;
import io.pgsync.torture.world.World;
import java.util.List;
import java.util.Random;

/** What is drawn for a tree, in one order for the same seed. */
record Dice(Random random, World world) {
    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** Draws even where the condition does not hold, so that the rest is the same. */
    boolean given(Condition condition, int percent) {
        return chance(percent) && world.has(condition);
    }

    /** From 0 on. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
