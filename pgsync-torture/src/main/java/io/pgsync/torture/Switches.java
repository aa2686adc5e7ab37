package io.pgsync.torture;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /** All but these. Throws {@link IllegalArgumentException} that lists the names there are if one is not among them. */
    public static Switches without(Collection<String> names) {
        require(names);
        return new Switches(Set.copyOf(names), Set.of());
    }

    /** The faults and conditions named and no others; and these conditions for every tree. */
    public static Switches only(Collection<String> names) {
        require(names);
        var off = labels();
        off.removeAll(names);
        return new Switches(off, Set.copyOf(names));
    }

    /** Names them in the options of {@code pgsync torture}; empty if all are on. */
    String options() {
        if (off.isEmpty()) {
            return "";
        }
        return always.isEmpty()
                ? " --without " + String.join(",", new TreeSet<>(off))
                : " --only " + String.join(",", new TreeSet<>(always));
    }

    boolean isOn(Trouble trouble) {
        return !off.contains(trouble.label());
    }

    boolean isAlwaysOn(Condition condition) {
        return always.contains(condition.label());
    }

    static Stream<Trouble> troubles() {
        return Stream.concat(Stream.of(Condition.values()), Stream.of(Fault.values()));
    }

    private static Set<String> labels() {
        return troubles().map(Trouble::label).collect(Collectors.toCollection(TreeSet::new));
    }

    private static void require(Collection<String> names) {
        var known = labels();
        for (var name : names) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "There is no trouble \"%s\". There are: %s".formatted(name, String.join(", ", known)));
            }
        }
    }
}
