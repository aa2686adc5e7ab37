package io.pgsync.runtime.report;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Divergence.Kind;
import java.time.Duration;
import java.util.Optional;

/**
 * The status of the documents of one index.
 *
 * @param divergence its kind; only if the stage is DIVERGED
 * @param reason why it is not live; empty if it is
 * @param position everything up to here is stored; empty if unknown
 * @param load the load under way; empty if there is none
 * @param refused the number of documents that the engine refused and that were not stored after that
 * @param loadedBecause why pgsync loads, or has loaded, a part of it by itself; empty if it did not since the last whole
 *     load that somebody asked for
 * @param audit what the audit has found; empty if there was none
 */
public record DocumentStatus(
        String index,
        Stage stage,
        Optional<Kind> divergence,
        String reason,
        Optional<Position> position,
        Optional<Load> load,
        int refused,
        Optional<String> loadedBecause,
        Optional<AuditStatus> audit) {
    /** An index without a known divergence that was never audited. */
    public DocumentStatus(
            String index, Stage stage, String reason, Optional<Position> position, Optional<Load> load, int refused) {
        this(index, stage, Optional.empty(), reason, position, load, refused, Optional.empty(), Optional.empty());
    }

    /** The word for its stage or divergence. */
    public String words() {
        return divergence.map(Kind::word).orElse(stage.words());
    }

    /**
     * How far the stream has come.
     *
     * @param behindBytes log after the position, whether or not it concerns the documents
     * @param behind time since the last change that is stored was committed; a live stream stores at least one every
     *     ten seconds
     */
    public record Position(Lsn stored, long behindBytes, Optional<Duration> behind) {}

    /**
     * A load that is not over.
     *
     * @param documents loaded so far
     * @param expected an estimate, 0 if there is none
     * @param perSecond documents per second between the two looks
     */
    public record Load(long documents, long expected, double perSecond) {
        /** At most 99 as long as it runs. */
        public int percent() {
            return expected <= 0 ? 0 : (int) Math.min(99, documents * 100 / expected);
        }

        /**
         * The time until its end at this rate; empty if the number of documents is unknown, or if there is almost no
         * progress.
         */
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
        /** The engine does not answer. */
        UNKNOWN("unknown"),
        STOPPED("stopped"),
        NOT_PREPARED("not prepared"),
        /** It differs, or may differ, from its tables; the kind of the divergence is its name. */
        DIVERGED("diverged");

        private final String words;

        Stage(String words) {
            this.words = words;
        }

        /** Its name for people. */
        public String words() {
            return words;
        }
    }
}
