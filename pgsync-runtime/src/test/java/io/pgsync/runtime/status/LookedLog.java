package io.pgsync.runtime.status;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.handover.LogLook;
import io.pgsync.core.handover.OwnedWorkLog;
import io.pgsync.core.handover.WorkLog;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** A log of work of somebody else. */
record LookedLog(Mono<LogLook> look) implements WorkLog {
    @Override
    public Mono<List<Finding>> examine() {
        return Mono.just(List.of());
    }

    @Override
    public Mono<OwnedWorkLog> own(long leastGeneration, Consumer<Lsn> stored) {
        return Mono.error(new AssertionError("a status owns nothing"));
    }

    @Override
    public Mono<Void> remove() {
        return Mono.error(new AssertionError("a status removes nothing"));
    }
}
