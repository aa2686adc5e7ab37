package io.pgsync.kafka.continuity;

import java.util.HashMap;
import java.util.Map;

/**
 * Numbers the records that one generation writes to one partition: 1 is its {@code begin}, and there is no hole. Not safe for concurrent use: a
 * number is taken when its record is handed to the producer, in the same order.
 */
public final class Numbering {
    private final long generation;
    private final Map<Long, Long> before;
    private long last;

    /**
     * A new generation in a partition.
     *
     * @param before the last numbers of earlier generations there, by generation, as far as they are still to be checked
     */
    public Numbering(long generation, Map<Long, Long> before) {
        this.generation = generation;
        this.before = Map.copyOf(before);
    }

    /** That of the next record. */
    public long next() {
        return ++last;
    }

    /** What the {@code begin} record names of the generations before it. */
    public Map<Long, Long> before() {
        return before;
    }

    /** With this generation: for the {@code begin} of the next one, once all records so far are acknowledged. */
    public Map<Long, Long> soFar() {
        var all = new HashMap<>(before);
        all.put(generation, last);
        return all;
    }
}
