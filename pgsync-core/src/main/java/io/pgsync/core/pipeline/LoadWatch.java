package io.pgsync.core.pipeline;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/** Measures how fast this process loads each index. */
final class LoadWatch {
    private final Scheduler clock;
    private final Map<String, Beginning> beginnings = new ConcurrentHashMap<>();

    LoadWatch(Scheduler clock) {
        this.clock = clock;
    }

    /** {@code documents}: loaded before, by other processes. */
    private record Beginning(long at, long documents) {}

    void begin(String index, long documents) {
        beginnings.put(index, new Beginning(now(), documents));
    }

    /** Documents per second since the beginning; 0 if less than a second has passed, which tells nothing. */
    long perSecond(String index, long documents) {
        Beginning beginning = beginnings.get(index);
        long millis = beginning == null ? 0 : now() - beginning.at();
        return beginning == null || millis < 1_000 ? 0 : (documents - beginning.documents()) * 1_000 / millis;
    }

    private long now() {
        return clock.now(TimeUnit.MILLISECONDS);
    }
}
