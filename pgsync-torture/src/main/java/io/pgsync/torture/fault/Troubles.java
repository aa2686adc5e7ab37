package io.pgsync.torture.fault;

import io.pgsync.torture.world.Condition;
import io.pgsync.torture.world.Switches;
import io.pgsync.torture.world.Trouble;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All that can go wrong: the conditions of a tree, and the faults that strike it. */
public final class Troubles {
    private Troubles() {}

    public static Stream<Trouble> all() {
        return Stream.concat(Stream.of(Condition.values()), Stream.of(Fault.values()));
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

    private static Set<String> labels() {
        return all().map(Trouble::label).collect(Collectors.toCollection(TreeSet::new));
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
