package io.pgsync.runtime.follow;

import io.pgsync.core.pipeline.NothingLeft;
import io.pgsync.core.pipeline.NothingLeftException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Counts the databases of a run that still have documents to follow. A database without any goes on without documents,
 * so that its slot keeps no log and its indexes are still reported. The run ends when no database has any. Thread-safe.
 */
final class Remaining {
    private static final Logger log = LoggerFactory.getLogger(Remaining.class);

    private final int databases;
    private final Map<String, List<String>> idle = new LinkedHashMap<>();

    /** {@code databases}: how many there are in the run. */
    Remaining(int databases) {
        this.databases = databases;
    }

    /**
     * For one database; {@code unfit}: messages about documents that its run does not know, because they do not fit
     * their tables.
     */
    NothingLeft of(String database, List<String> unfit) {
        return new NothingLeft() {
            @Override
            public Mono<Void> after(NothingLeftException failure) {
                List<String> advice =
                        Stream.concat(failure.advice().stream(), unfit.stream()).toList();
                return Mono.defer(() -> without(database, advice));
            }

            @Override
            public void isOver() {
                followed(database);
            }
        };
    }

    private synchronized void followed(String database) {
        idle.remove(database);
    }

    private synchronized Mono<Void> without(String database, List<String> advice) {
        boolean news = idle.put(database, advice) == null;
        if (idle.size() == databases) {
            return Mono.error(new NothingLeftException(
                    idle.values().stream().flatMap(List::stream).toList()));
        }
        if (news) {
            log.warn("No document of database {} is left to follow; the other databases go on", database);
        }
        return Mono.empty();
    }
}
