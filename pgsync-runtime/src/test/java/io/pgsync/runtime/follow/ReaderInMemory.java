package io.pgsync.runtime.follow;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** A slot that somebody reads, or nobody. */
final class ReaderInMemory implements SlotReader {
    final List<String> ended = new ArrayList<>();
    volatile Optional<String> reader = Optional.empty();
    volatile boolean isAway;
    /** How often a session is still seen after its end. */
    volatile int lingers;

    @Override
    public Mono<String> session() {
        return Mono.defer(() -> {
            if (isAway) {
                return Mono.error(new SyncException(Remedy.RETRY, "The server is away"));
            }
            if (!ended.isEmpty() && reader.isPresent() && lingers-- <= 0) {
                reader = Optional.empty();
            }
            return Mono.justOrEmpty(reader);
        });
    }

    @Override
    public Mono<Void> end(String session) {
        return Mono.fromRunnable(() -> {
            if (reader.filter(session::equals).isPresent()) {
                ended.add(session);
            }
        });
    }
}
