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
        LOG_AWAY,
        OLD_TRANSACTION,
        FIRST_LOAD,
        BEHIND
    }

    /** Because the changes cannot be stored. */
    public static final Cause ENGINE_AWAY = new Cause(Kind.ENGINE_AWAY, "the search engine does not answer");

    /** Because the changes cannot be handed over. */
    public static final Cause LOG_AWAY = new Cause(Kind.LOG_AWAY, "the log of work does not answer");

    /**
     * The condition of those that take the changes over from the slot, which the server does not know.
     *
     * @param away why they take none
     * @param isLoading whether they wait for a first load
     */
    public record Takers(Optional<Cause> away, boolean isLoading) {
        /** They take whatever comes. */
        public static final Takers WELL = new Takers(Optional.empty(), false);

        /** The search engine takes them. */
        public static Takers engine(boolean isAway, boolean isLoading) {
            return new Takers(Optional.of(ENGINE_AWAY).filter(cause -> isAway), isLoading);
        }

        /** A log of work takes them: whether the engine answers does not matter then, nor does a load. */
        public static Takers log(boolean isAway) {
            return new Takers(Optional.of(LOG_AWAY).filter(cause -> isAway), false);
        }
    }

    /** The cause that explains most; causes that must be removed first come first. */
    public static Cause of(Retention look, Takers takers) {
        Optional<SlotStatus> slot = look.slot();
        if (slot.isEmpty()) {
            return new Cause(Kind.LOST, "there is no such slot");
        }
        if (slot.get().isLost()) {
            return new Cause(Kind.LOST, "the server has discarded log that the slot needed");
        }
        if (takers.away().isPresent()) {
            return takers.away().get();
        }
        if (!slot.get().isActive()) {
            return new Cause(Kind.NOT_RUNNING, "no pgsync process reads the slot");
        }
        return oldTransaction(look)
                .orElseGet(() -> takers.isLoading()
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
