package io.pgsync.replication.stream;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeSource;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.pgoutput.PgOutputDecoder;
import io.pgsync.replication.pgoutput.TextEncoding;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The changes of one slot over one replication connection. It holds the slot while it is open. It cannot be used after
 * an error or a close; open a new one then. Events come on the stream's own thread; a subscriber may block it without
 * harm to the connection. Failures are {@link io.pgsync.core.failure.SyncException}s: RETRY for what passes, REPAIR if
 * the slot is gone or lost, otherwise STOP.
 */
public final class ReplicationStream implements ChangeSource {
    private static final Logger log = LoggerFactory.getLogger(ReplicationStream.class);

    private final PostgresConnections connections;
    private final StreamSettings settings;
    private final String session;
    private final ReplicationTransport transport;
    private final Scheduler scheduler;
    private final SourcePosition position;
    private final PgOutputDecoder decoder;
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile boolean closing;

    private ReplicationStream(
            PostgresConnections connections,
            StreamSettings settings,
            String session,
            ReplicationTransport transport,
            Scheduler scheduler,
            SourcePosition position,
            TextEncoding encoding) {
        this.connections = connections;
        this.settings = settings;
        this.session = session;
        this.transport = transport;
        this.scheduler = scheduler;
        this.position = position;
        this.decoder = new PgOutputDecoder(encoding);
    }

    /**
     * Acquires the slot; the changes start after its confirmed position. If cancelled meanwhile, it releases the slot
     * as soon as it has it.
     */
    public static Mono<ReplicationStream> open(PostgresConnections connections, StreamSettings settings) {
        return UncancellableOpen.of(opening(connections, settings));
    }

    private static Mono<ReplicationStream> opening(PostgresConnections connections, StreamSettings settings) {
        return Mono.defer(() -> {
            Scheduler scheduler = newScheduler();
            var walsender = WalsenderName.next(connections.settings());
            connections.release();
            return WalsenderFacts.read(connections)
                    .flatMap(facts -> opened(connections, settings, walsender, facts, scheduler))
                    .doOnError(failure -> connections.release())
                    .doOnSuccess(stream ->
                            log.info("Streaming from slot {} at {}", settings.slot(), stream.position.confirmed()))
                    .doOnError(failure -> scheduler.dispose())
                    .onErrorMap(failure -> StreamFailures.streaming(connections.settings(), settings.slot(), failure));
        });
    }

    private static Mono<ReplicationStream> opened(
            PostgresConnections connections,
            StreamSettings settings,
            String walsender,
            WalsenderFacts facts,
            Scheduler scheduler) {
        return R2dbcStreamTransport.open(connections, walsender, settings, facts, scheduler)
                .flatMap(transport -> connections
                        .holdToServerOf(walsender)
                        .then(checkPublication(connections, settings))
                        .then(position(connections, settings.slot()))
                        .map(position -> new ReplicationStream(
                                connections, settings, walsender, transport, scheduler, position, facts.encoding()))
                        .onErrorResume(failure -> transport.close().then(Mono.error(failure))));
    }

    /** The application name of the server's session for this stream; no other session has it. */
    public String session() {
        return session;
    }

    @Override
    public SourcePosition position() {
        return position;
    }

    @Override
    public Flux<ChangeEvent> changes() {
        return transport
                .messages()
                .handle(this::decode)
                .concatWith(Flux.defer(this::endOfStream))
                .onErrorMap(failure -> StreamFailures.streaming(connections.settings(), settings.slot(), failure));
    }

    @Override
    public void release(long bytes) {
        transport.release(bytes);
    }

    /** Sent with the next status update, within a second, or with {@link #close}. Safe from any thread. */
    @Override
    public Mono<Void> acknowledge(Lsn end) {
        return Mono.fromRunnable(() -> {
            var before = new Lsn(acknowledged.getAndUpdate(last -> end.isAfter(new Lsn(last)) ? end.value() : last));
            if (before.isAfter(end)) {
                throw new IllegalArgumentException("Acknowledged " + end + " after " + before);
            }
            transport.confirm(acknowledged());
        });
    }

    /** The last acknowledged position; {@link Lsn#ZERO} before the first. */
    public Lsn acknowledged() {
        return new Lsn(acknowledged.get());
    }

    /**
     * Releases the slot, after the last acknowledged position is confirmed to the server. Completes {@link #changes()}.
     * Never fails.
     */
    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            closing = true;
            Lsn last = acknowledged();
            Mono<Void> settled = last.equals(Lsn.ZERO)
                    ? Mono.empty()
                    : new SlotPosition(connections, settings.slot()).settle(position.identity(), last);
            connections.release();
            return transport.close().then(settled).doFinally(signal -> scheduler.dispose());
        });
    }

    // Asked while the slot is held, so that nobody else can move it.
    private static Mono<SourcePosition> position(PostgresConnections connections, String slot) {
        return new SlotPosition(connections, slot).resumption();
    }

    /** Since version 18, a server streams from a missing publication as if it were empty. */
    private static Mono<Void> checkPublication(PostgresConnections connections, StreamSettings settings) {
        return connections
                .query("SELECT true FROM pg_publication WHERE pubname = $1", row -> true, settings.publication())
                .switchIfEmpty(Mono.error(() -> StreamFailures.unpublished(connections.settings(), settings)))
                .then();
    }

    private void decode(WalMessage message, SynchronousSink<ChangeEvent> events) {
        Optional<ChangeEvent> event = decoder.decode(message.payload());
        long kept = event.map(ChangeEvent::footprint).orElse(0L);
        transport.release(message.footprint() - kept);
        event.ifPresent(events::next);
    }

    private Flux<ChangeEvent> endOfStream() {
        return closing ? Flux.empty() : Flux.error(StreamFailures.ended(connections.settings(), settings.slot()));
    }

    // Not one of Reactor's shared threads: a subscriber that blocks one would delay the driver's status timer.
    private static Scheduler newScheduler() {
        return Schedulers.newSingle(task -> {
            var thread = new Thread(task, "pgsync-stream");
            thread.setDaemon(true);
            return thread;
        });
    }
}
