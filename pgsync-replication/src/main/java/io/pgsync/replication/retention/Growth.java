package io.pgsync.replication.retention;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** How fast the retained log grows, over the looks of a recent window of time. For one thread at a time. */
public final class Growth {
    private final Duration window;
    private final Deque<Retention> looks = new ArrayDeque<>();

    /** {@code window}: the rate is measured from the oldest look within it to the newest one. */
    public Growth(Duration window) {
        this.window = window;
    }

    /** Bytes per second between two looks, negative if the slot caught up; empty if no time has passed. */
    public static Optional<Double> between(Retention earlier, Retention later) {
        double seconds = Duration.between(earlier.at(), later.at()).toNanos() / 1e9;
        return seconds <= 0 ? Optional.empty() : Optional.of((later.bytes() - earlier.bytes()) / seconds);
    }

    /** Adds a look and gives the rate; empty after the first. */
    public Optional<Double> after(Retention look) {
        looks.addLast(look);
        while (looks.size() > 2 && looks.getFirst().at().isBefore(look.at().minus(window))) {
            looks.removeFirst();
        }
        return between(looks.getFirst(), look);
    }
}
