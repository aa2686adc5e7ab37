package io.pgsync.runtime.status;

import io.pgsync.runtime.report.DatabaseStatus;
import io.pgsync.runtime.source.Resources;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looks at all databases of a schema file again and again. */
public final class StatusLooks {
    private final Resources resources;

    public StatusLooks(Resources resources) {
        this.resources = resources;
    }

    /**
     * After each look but the first, one status of each database; endless. {@code over}: the time between two looks,
     * over which rates are measured.
     */
    public Flux<List<DatabaseStatus>> each(Duration over) {
        return resources
                .databases()
                .thatFit()
                .flatMapIterable(databases -> databases)
                .concatMap(database -> StatusReader.of(resources, database))
                .collectList()
                .flatMapMany(readers -> each(readers, over));
    }

    static Flux<List<DatabaseStatus>> each(List<StatusReader> readers, Duration over) {
        Mono<List<StatusLook>> looks =
                Flux.fromIterable(readers).concatMap(StatusReader::look).collectList();
        return looks.concatWith(looks.delaySubscription(over).repeat())
                .buffer(2, 1)
                .map(pair -> statuses(readers, pair.get(0), pair.get(1)));
    }

    private static List<DatabaseStatus> statuses(
            List<StatusReader> readers, List<StatusLook> earlier, List<StatusLook> later) {
        return IntStream.range(0, readers.size())
                .mapToObj(i -> readers.get(i).status(earlier.get(i), later.get(i)))
                .toList();
    }
}
