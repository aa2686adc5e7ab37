package io.pgsync.torture.world;

import io.pgsync.core.change.Lsn;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** The conditions of a tree, the same for the same seed. {@code walStart}: where the server's log begins, if not where it usually does. */
public record World(Set<Condition> conditions, Optional<Lsn> walStart) {
    private static final long PRIME = 7_368_787;
    private static final List<String> FAR_POSITIONS = List.of("0/80000000", "0/FE000000", "1/0", "1/A5000000", "7F/0");

    public World {
        conditions = Collections.unmodifiableSet(EnumSet.copyOf(conditions));
    }

    public static World of(long seed, Switches switches) {
        var random = new Random(seed * PRIME);
        var conditions = EnumSet.noneOf(Condition.class);
        for (var condition : Condition.values()) {
            var drawn = random.nextInt(100) < condition.percent();
            if (switches.isAlwaysOn(condition) || (drawn && switches.isOn(condition))) {
                conditions.add(condition);
            }
        }
        var position = FAR_POSITIONS.get(random.nextInt(FAR_POSITIONS.size()));
        return new World(
                conditions,
                conditions.contains(Condition.FAR_LOG) ? Optional.of(Lsn.parse(position)) : Optional.empty());
    }

    public boolean has(Condition condition) {
        return conditions.contains(condition);
    }
}
