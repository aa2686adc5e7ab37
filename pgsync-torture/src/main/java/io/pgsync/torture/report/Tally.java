package io.pgsync.torture.report;

import io.pgsync.torture.world.Trouble;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How often each trouble struck: a fault by its strikes, a condition by the trees that it held for. Not safe for concurrent use. */
public final class Tally {
    private final Map<Trouble, Integer> counts = new LinkedHashMap<>();

    public void count(Trouble trouble) {
        counts.merge(trouble, 1, Integer::sum);
    }

    public void add(Tally other) {
        other.counts.forEach((trouble, count) -> counts.merge(trouble, count, Integer::sum));
    }

    /** Those that struck. */
    @Override
    public String toString() {
        return text(counts.keySet().stream().map(trouble -> trouble.label() + " " + counts.get(trouble)));
    }

    /** All that may strike, those that did not included. */
    public String complete(Stream<Trouble> possible) {
        return text(possible.map(trouble -> trouble.label() + " " + counts.getOrDefault(trouble, 0)));
    }

    private static String text(Stream<String> parts) {
        return parts.collect(Collectors.joining(", "));
    }
}
