package io.pgsync.replication.replica;

import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.ServerIdentity;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.publisher.Mono;

/** A standby that documents may be read from, and what was last seen of it. Safe from any thread. */
public final class Replica {
    private static final Logger log = LoggerFactory.getLogger(Replica.class);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(3);

    private final String address;
    private final Mono<ReplicaState> state;
    private final DocumentReader documents;
    private final AtomicReference<Condition> told = new AtomicReference<>(Condition.UNKNOWN);
    private volatile Condition seen = Condition.UNKNOWN;

    /** {@code state} asks the server at each subscription. */
    Replica(String address, Mono<ReplicaState> state, DocumentReader documents) {
        this.address = address;
        this.state = state;
        this.documents = documents;
    }

    /** {@code documents} reads over {@code connections}, which the caller closes. */
    public static Replica of(PostgresConnections connections, DocumentReader documents) {
        return new Replica(
                connections.settings().address(),
                connections.query(ReplicaState.QUERY, ReplicaState::of).single().timeout(LONGEST_LOOK),
                documents);
    }

    /** Whether documents can be read from it, or why not. */
    enum Condition {
        UNKNOWN("Nothing is known of replica {}"),
        SHOWS("Documents are read from replica {}"),
        BEHIND("Replica {} is too far behind: documents are read from the primary until it has caught up"),
        PROMOTED("Replica {} is no standby: documents are not read from it"),
        STRANGE("Replica {} does not follow the primary of this stream: documents are not read from it until it does"),
        AWAY("Replica {} does not answer: documents are not read from it until it does");

        private final String words;

        Condition(String words) {
            this.words = words;
        }

        static Condition of(ReplicaState state, RequiredPosition required) {
            if (!state.isStandby()) {
                return PROMOTED;
            }
            if (!state.follows(required)) {
                return STRANGE;
            }
            return state.shows(required) ? SHOWS : BEHIND;
        }
    }

    /** Never fails. */
    Mono<Condition> look(RequiredPosition required) {
        return state.map(found -> Condition.of(found, required))
                .onErrorResume(failure -> {
                    log.debug("Replica {}: {}", address, failure.toString());
                    return Mono.just(Condition.AWAY);
                })
                .doOnNext(found -> {
                    seen = found;
                    // A moment behind is nothing to tell.
                    if (found != Condition.BEHIND) {
                        tell(found);
                    }
                });
    }

    Condition seen() {
        return seen;
    }

    /** Once. */
    void tell(Condition now) {
        if (told.getAndSet(now) != now) {
            log.atLevel(now == Condition.SHOWS ? Level.INFO : Level.WARN).log(now.words, address);
        }
    }

    /**
     * Completes if it still follows, so that all that was read from it until now is of the primary. Fails with RETRY if it was promoted or does
     * not answer: what was read must be read again.
     */
    Mono<Void> prove(RequiredPosition required) {
        return look(required)
                .filter(found -> found == Condition.SHOWS || found == Condition.BEHIND)
                .switchIfEmpty(Mono.error(() -> new SyncException(
                        Remedy.RETRY,
                        "PostgreSQL at %s no longer follows the primary or does not answer: what was read from it is read again"
                                .formatted(address))))
                .then();
    }

    /** What an examination says of it; {@code primary}: the server that it should follow. */
    Mono<Finding> examine(ServerIdentity primary) {
        return state.map(found -> finding(found, RequiredPosition.now(primary)))
                .onErrorResume(failure -> Mono.just(Finding.warning(
                        subject(),
                        "it does not answer (%s), so documents are read from the primary"
                                .formatted(failure.getMessage()),
                        "Start it, or correct its address")));
    }

    private Finding finding(ReplicaState found, RequiredPosition required) {
        return switch (Condition.of(found, required)) {
            case PROMOTED ->
                Finding.warning(
                        subject(),
                        "it is no standby, so documents are read from the primary",
                        "Name a standby of the primary");
            case STRANGE ->
                found.systemIdentifier().equals(required.systemIdentifier())
                        ? Finding.warning(
                                subject(),
                                "it is on timeline %d and the primary on %d, so documents are read from the primary"
                                        .formatted(found.timeline(), required.timeline()),
                                "Have it follow the primary; a restart point of its own tells it of a new timeline (CHECKPOINT)")
                        : Finding.problem(
                                subject(),
                                "it is a standby of another server, %s and not %s"
                                        .formatted(found.systemIdentifier(), required.systemIdentifier()),
                                "Name a standby of the primary");
            default -> {
                long behind = Math.max(0, required.position().bytesSince(found.replayed()));
                yield Finding.fine(subject(), "a standby of the primary, %,d bytes of log behind".formatted(behind));
            }
        };
    }

    private String subject() {
        return "replica " + address;
    }

    DocumentReader documents() {
        return documents;
    }

    String address() {
        return address;
    }
}
