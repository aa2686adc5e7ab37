package io.pgsync.core.sink;

import io.pgsync.core.version.Versions;
import java.util.List;
import reactor.core.publisher.Mono;

/** Port: records what the engine refused, for a person to look at. */
public interface DeadLetters {
    /** Completes when the records are durable. {@code index} and {@code versions} are those of the batch. */
    Mono<Void> record(String index, Versions versions, List<WriteOutcome.Refused> refused);
}
