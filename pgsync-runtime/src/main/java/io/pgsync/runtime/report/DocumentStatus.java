package io.pgsync.runtime.report;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Divergence.Kind;
import java.time.Duration;
import java.util.Optional;

/**
 * How the documents of one index stand.
 *
 * @param divergence the kind, at the stage DIVERGED only
 * @param reason why it is not live; empty for one that is
 * @param position everything up to here is stored; empty where nobody knows
 * @param load the load that is not over; empty when it is
 * @param refused documents that the engine refused and that are not stored since
 */
public record DocumentStatus(
        String index,
        Stage stage,
        Optional<Kind> divergence,
        String reason,
        Optional<Position> position,
        Optional<Load> load,
        int refused) {
    /** One that is what its tables say, or of which nothing is known. */
    public DocumentStatus(
            String index, Stage stage, String reason, Optional<Position> position, Optional<Load> load, int refused) {
        this(index, stage, Optional.empty(), reason, position, load, refused);
    }

    /** The one word for how it stands. */
    public String words() {
        return divergence.map(Kind::word).orElse(stage.words());
    }

    /**
     * How far the stream has come.
     *
     * @param behindBytes log behind the position, whatever it is about
     * @param behind time since the last change that is stored was committed; a live stream stores at least one every ten seconds
     */
    public record Position(Lsn stored, long behindBytes, Optional<Duration> behind) {}

    /**
     * A load that is not over.
     *
     * @param documents loaded so far
     * @param expected an estimate, 0 where there is none
     * @param perSecond documents, between the two looks
     */
    public record Load(long documents, long expected, double perSecond) {
        /** At most 99 as long as it runs. */
        public int percent() {
            return expected <= 0 ? 0 : (int) Math.min(99, documents * 100 / expected);
        }

        /** At this rate; empty where there is no expectation, or next to no progress. */
        public Optional<Duration> timeLeft() {
            return expected <= 0 || perSecond < 1
                    ? Optional.empty()
                    : Optional.of(Duration.ofSeconds((long) (Math.max(0, expected - documents) / perSecond)));
        }
    }

    /** From well to broken. */
    public enum Stage {
        LIVE("live"),
        CATCHING_UP("catching up"),
        LOADING("loading"),
        /** The engine does not say. */
        UNKNOWN("unknown"),
        STOPPED("stopped"),
        NOT_PREPARED("not prepared"),
        /** It is not, or may not be, what its tables say; the kind of the divergence is its name. */
        DIVERGED("diverged");

        private final String words;

        Stage(String words) {
            this.words = words;
        }

        /** As people read it. */
        public String words() {
            return words;
        }
    }
}
