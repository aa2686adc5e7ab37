package io.pgsync.replication.stream;

import io.netty.buffer.ByteBuf;
import io.pgsync.core.change.Lsn;
import io.pgsync.replication.connection.PostgresConnections;
import io.r2dbc.postgresql.api.PostgresqlReplicationConnection;
import io.r2dbc.postgresql.replication.LogSequenceNumber;
import io.r2dbc.postgresql.replication.ReplicationRequest;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The driver's replication stream, used within limits found by experiments: one stream per connection (a second one
 * ends without an element), never cancelled, closed before its connection (otherwise its timer goes on), no status
 * interval below a fraction of a second. The driver's timer sends status updates even if nobody takes messages, which
 * keeps a stalled stream alive.
 */
final class R2dbcStreamTransport implements ReplicationTransport {
    private static final Duration ORDERLY_END = Duration.ofSeconds(1);
    private static final Duration CUT_END = Duration.ofSeconds(2);

    private final PostgresqlReplicationConnection connection;
    private final io.r2dbc.postgresql.replication.ReplicationStream stream;
    private final WalBuffer buffer;
    private final Scheduler scheduler;

    private R2dbcStreamTransport(
            PostgresqlReplicationConnection connection,
            io.r2dbc.postgresql.replication.ReplicationStream stream,
            WalBuffer buffer,
            Scheduler scheduler) {
        this.connection = connection;
        this.stream = stream;
        this.buffer = buffer;
        this.scheduler = scheduler;
    }

    /**
     * Acquires the slot and streams from its confirmed position.
     *
     * @param walsender the application name of the server's process for this stream
     * @param scheduler delivers the messages
     */
    static Mono<ReplicationTransport> open(
            PostgresConnections connections,
            String walsender,
            StreamSettings settings,
            WalsenderFacts facts,
            Scheduler scheduler) {
        ReplicationRequest request = request(settings, facts.statusInterval());
        return connections
                .replication(walsender, facts.encoding().client())
                .flatMap(connection -> connection
                        .startReplication(request)
                        .map(stream -> start(connection, stream, buffer(connections, settings), scheduler))
                        .onErrorResume(
                                failure -> connection.close().onErrorComplete().then(Mono.error(failure))));
    }

    private static WalBuffer buffer(PostgresConnections connections, StreamSettings settings) {
        return new WalBuffer(settings.bufferBytes(), connections.replicationThread());
    }

    static ReplicationTransport start(
            PostgresqlReplicationConnection connection,
            io.r2dbc.postgresql.replication.ReplicationStream stream,
            WalBuffer buffer,
            Scheduler scheduler) {
        stream.map(R2dbcStreamTransport::copy).subscribe(buffer);
        return new R2dbcStreamTransport(connection, stream, buffer, scheduler);
    }

    @Override
    public Flux<WalMessage> messages() {
        return buffer.messages(scheduler);
    }

    @Override
    public void release(long bytes) {
        buffer.release(bytes);
    }

    @Override
    public void confirm(Lsn flushed) {
        LogSequenceNumber position = LogSequenceNumber.valueOf(flushed.value());
        stream.setAppliedLSN(position);
        stream.setFlushedLSN(position);
    }

    /** Never fails. */
    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            buffer.discard();
            return orderlyEnd()
                    .timeout(ORDERLY_END)
                    .onErrorComplete()
                    .then(connection.close())
                    .timeout(CUT_END)
                    .onErrorComplete()
                    .then(buffer.ended())
                    .timeout(CUT_END)
                    .onErrorComplete();
        });
    }

    private Mono<Void> orderlyEnd() {
        try {
            // This call stops the timer and sends CopyDone. Its Mono must not be subscribed: it never completes after
            // an ended stream.
            stream.close();
            return buffer.ended();
        } catch (Sinks.EmissionException statusUnderWay) {
            // The driver fails to send CopyDone while another of its threads sends a status update (r2dbc-postgresql up
            // to 1.1.1), and cannot repeat it: the connection is cut instead.
            return Mono.empty();
        }
    }

    private static ReplicationRequest request(StreamSettings settings, Duration statusInterval) {
        return ReplicationRequest.logical()
                .slotName(settings.slot())
                .startPosition(LogSequenceNumber.valueOf(0))
                .statusInterval(statusInterval)
                .slotOption("proto_version", 1)
                .slotOption("publication_names", settings.publication())
                .slotOption("messages", "true")
                .build();
    }

    // Runs on the event loop; the driver releases the buffer afterwards.
    private static WalMessage copy(ByteBuf data) {
        byte[] payload = new byte[data.readableBytes()];
        data.readBytes(payload);
        return new WalMessage(payload);
    }
}
