package io.pgsync.replication.retention;

import io.pgsync.replication.slot.SlotStatus;
import java.time.Duration;
import java.util.Optional;

/**
 * Why the slot keeps log, for people.
 *
 * @param text completes "because …"
 */
public record Cause(Kind kind, String text) {
    private static final Duration OLD = Duration.ofSeconds(60);

    /** What holds the slot back. */
    public enum Kind {
        LOST,
        NOT_RUNNING,
        ENGINE_AWAY,
        OLD_TRANSACTION,
        FIRST_LOAD,
        BEHIND
    }

    /** The condition of a running pgsync, which the server does not know. */
    public record EngineCondition(boolean isAway, boolean isLoading) {}

    /** The cause that explains most; causes that must be removed first come first. */
    public static Cause of(Retention look, EngineCondition sink) {
        Optional<SlotStatus> slot = look.slot();
        if (slot.isEmpty()) {
            return new Cause(Kind.LOST, "there is no such slot");
        }
        if (slot.get().isLost()) {
            return new Cause(Kind.LOST, "the server has discarded log that the slot needed");
        }
        if (sink.isAway()) {
            return new Cause(Kind.ENGINE_AWAY, "the search engine does not answer");
        }
        if (!slot.get().isActive()) {
            return new Cause(Kind.NOT_RUNNING, "no pgsync process reads the slot");
        }
        return oldTransaction(look)
                .orElseGet(() -> sink.isLoading()
                        ? new Cause(Kind.FIRST_LOAD, "the first load goes on beside the stream")
                        : new Cause(Kind.BEHIND, "the stream is behind, or the server has not noted its position yet"));
    }

    /** A transaction is the cause only if most of the kept log lies before the acknowledged position. */
    private static Optional<Cause> oldTransaction(Retention look) {
        return look.oldest()
                .filter(open -> open.age().compareTo(OLD) > 0)
                .filter(open -> look.unconfirmed() < look.bytes() / 2)
                .map(open -> new Cause(
                        Kind.OLD_TRANSACTION,
                        "a transaction has been open for %d s (%s); end it"
                                .formatted(open.age().toSeconds(), open.who())));
    }
}
