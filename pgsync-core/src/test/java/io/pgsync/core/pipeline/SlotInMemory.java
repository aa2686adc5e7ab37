package io.pgsync.core.pipeline;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeSource;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourcePosition;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A slot that tells, among the writes of states, when it is confirmed and closed. */
final class SlotInMemory implements ChangeSource {
    /** Of events to which nobody refers any longer. */
    long releasedBytes;

    Mono<Void> closing = Mono.empty();

    /** Fails when another reader takes the slot. */
    final Sinks.Empty<Void> taken = Sinks.empty();

    /** What was written last when nobody kept the slot any more; empty before. */
    String writtenBeforeLettingGo = "";

    private final List<String> written;
    private final Lsn confirmed;
    private final Flux<ChangeEvent> changes;

    SlotInMemory(List<String> written, Lsn confirmed, Flux<ChangeEvent> changes) {
        this.written = written;
        this.confirmed = confirmed;
        this.changes = changes;
    }

    @Override
    public SourcePosition position() {
        return new SourcePosition(States.IDENTITY, confirmed, new Lsn(Long.MAX_VALUE));
    }

    @Override
    public Flux<ChangeEvent> changes() {
        return changes;
    }

    @Override
    public void release(long bytes) {
        releasedBytes += bytes;
    }

    @Override
    public Mono<Void> acknowledge(Lsn end) {
        return Mono.fromRunnable(() -> written.add("slot " + end));
    }

    @Override
    public Mono<Void> keep() {
        return taken.asMono().doOnCancel(() -> writtenBeforeLettingGo = written.get(written.size() - 1));
    }

    @Override
    public Mono<Void> close() {
        return Mono.<Void>fromRunnable(() -> written.add("closed")).then(closing);
    }
}
