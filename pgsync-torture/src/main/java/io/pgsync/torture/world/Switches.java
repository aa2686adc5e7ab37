package io.pgsync.torture.world;

import java.util.Set;
import java.util.TreeSet;

/**
 * Which troubles a run has. The same seed with the same switches gives the same world.
 *
 * @param always the conditions that hold for every tree
 */
public record Switches(Set<String> off, Set<String> always) {
    public static final Switches ALL_ON = new Switches(Set.of(), Set.of());

    public Switches {
        off = Set.copyOf(off);
        always = Set.copyOf(always);
    }

    /** Names them in the options of {@code pgsync torture}; empty if all are on. */
    public String options() {
        if (off.isEmpty()) {
            return "";
        }
        return always.isEmpty()
                ? " --without " + String.join(",", new TreeSet<>(off))
                : " --only " + String.join(",", new TreeSet<>(always));
    }

    public boolean isOn(Trouble trouble) {
        return !off.contains(trouble.label());
    }

    boolean isAlwaysOn(Condition condition) {
        return always.contains(condition.label());
    }
}
