package io.pgsync.kafka.continuity;

import io.pgsync.core.version.ReadVersions;
import io.pgsync.kafka.record.WorkRecord;
import io.pgsync.kafka.record.WorkRecord.Begin;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Notices that records of one partition are missing: a topic that was cut short, or deleted and made anew under a running producer, looks whole to
 * brokers and clients. Each record must have the next number of its generation; the {@code begin} of a generation names where the earlier ones
 * ended.
 *
 * <pre>{@code
 *  generation 5:  begin 1   2   3          5      4 is missing: told at 5
 *  generation 6:  begin 1 (5: 7)                  6 and 7 of generation 5 are missing: told at the begin
 * }</pre>
 *
 * A number that has come before is a repetition, and harmless. Not safe for concurrent use.
 */
public final class Continuity {
    /** Of so many generations the end is remembered; a record of an earlier one, which can only be late, is not looked at. */
    public static final int GENERATIONS = 8;

    private static final String BETWEEN = ",";
    private static final String IS = ":";

    private final long since;
    private final TreeMap<Long, Long> seen;

    /**
     * From the beginning of a partition.
     *
     * @param since the generation of the last repair: what came before it may lack anything, and was loaded again
     */
    public Continuity(long since) {
        this(since, Map.of());
    }

    private Continuity(long since, Map<Long, Long> seen) {
        this.since = since;
        this.seen = new TreeMap<>(seen);
    }

    /** Goes on where another process stopped, which left {@code text} ({@link #text()}). */
    public static Continuity of(long since, String text) {
        return new Continuity(
                since,
                Stream.of(text.split(BETWEEN))
                        .filter(entry -> !entry.isEmpty())
                        .map(entry -> entry.split(IS, 2))
                        .collect(Collectors.toMap(entry -> Long.valueOf(entry[0]), entry -> Long.valueOf(entry[1]))));
    }

    /** What is missing before {@code next}, in words; empty if nothing is. It counts as seen in any case. */
    public Optional<String> accept(WorkRecord next) {
        long generation = ReadVersions.generationOf(next.version());
        if (generation < least()) {
            return Optional.empty();
        }
        Optional<String> earlier = next instanceof Begin begin ? missing(begin) : Optional.empty();
        long known = seen.getOrDefault(generation, 0L);
        seen.merge(generation, next.number(), Math::max);
        forget();
        return earlier.or(() -> missing(generation, known, next.number() - 1));
    }

    /** Whoever goes on with what was seen must forget the same, so it is known by that alone. */
    private void forget() {
        while (seen.size() > GENERATIONS) {
            seen.pollFirstEntry();
        }
    }

    /** The first generation that is looked at. */
    private long least() {
        return seen.size() < GENERATIONS ? since : Math.max(since, seen.firstKey());
    }

    private Optional<String> missing(Begin begin) {
        Map<Long, Long> ends = new TreeMap<>(begin.last()).tailMap(least());
        Optional<String> first = ends.entrySet().stream()
                .flatMap(end -> missing(end.getKey(), seen.getOrDefault(end.getKey(), 0L), end.getValue()).stream())
                .findFirst();
        // Each loss is told once.
        ends.forEach((generation, last) -> seen.merge(generation, last, Math::max));
        return first;
    }

    private static Optional<String> missing(long generation, long known, long last) {
        return last > known
                ? Optional.of("records %d to %d of generation %d are missing".formatted(known + 1, last, generation))
                : Optional.empty();
    }

    /** What was seen, for the metadata of a committed offset. */
    public String text() {
        return seen.entrySet().stream()
                .map(entry -> entry.getKey() + IS + entry.getValue())
                .collect(Collectors.joining(BETWEEN));
    }
}
