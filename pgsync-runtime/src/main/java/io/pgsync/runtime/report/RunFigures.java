package io.pgsync.runtime.report;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.handover.Backlog;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * What a running process has done for one database, and what it has under way.
 *
 * @param following whether the stream is open; false while it starts again after a fault
 * @param changes row changes received since the start
 * @param documentsPerSecond the recent rate
 * @param stored everything up to here is stored
 * @param behind the age of the oldest change under way, or the length of an outage; zero if there is neither
 * @param waitingRoots roots that wait to be read, in this process
 * @param retries starts after a fault
 * @param reads documents read, by the server that they came from
 * @param wal what the slot keeps; empty before the first look
 * @param log what waits in the log of work; empty without one
 */
public record RunFigures(
        String database,
        boolean following,
        long changes,
        double documentsPerSecond,
        Lsn stored,
        Duration behind,
        int waitingRoots,
        long retries,
        DocumentReads reads,
        Map<String, IndexFigures> indexes,
        Optional<WalStatus> wal,
        Optional<Backlog> log) {
    public RunFigures {
        indexes = Map.copyOf(indexes);
    }

    /**
     * The part of one index.
     *
     * @param stored written or deleted since the start
     * @param superseded left out because a newer version was there
     * @param refused by the engine or a plugin
     * @param loadedDocuments stored by the load, earlier runs included
     * @param expected documents at its end; an estimate, 0 if there is none
     * @param divergence the way in which it differs, or may differ, from its tables
     * @param audited what the audit has found since the start
     * @param audit how far it is; empty before its first part, and without an audit
     */
    public record IndexFigures(
            long stored,
            long superseded,
            long refused,
            long loadedDocuments,
            long expected,
            boolean isLoaded,
            Optional<Kind> divergence,
            Counts audited,
            Optional<AuditStatus> audit) {
        /** Without an audit. */
        public IndexFigures(
                long stored,
                long superseded,
                long refused,
                long loadedDocuments,
                long expected,
                boolean isLoaded,
                Optional<Kind> divergence) {
            this(
                    stored,
                    superseded,
                    refused,
                    loadedDocuments,
                    expected,
                    isLoaded,
                    divergence,
                    Counts.NONE,
                    Optional.empty());
        }

        /** Whether nothing is written to it until a person corrects something. */
        public boolean isSetAside() {
            return divergence.filter(kind -> !kind.isFollowed()).isPresent();
        }
    }

    /** Documents written or deleted since the start. */
    public long documents() {
        return indexes.values().stream().mapToLong(IndexFigures::stored).sum();
    }

    /** True if the load of every followed index is over. */
    public boolean isLoaded() {
        return indexes.values().stream().allMatch(index -> index.isSetAside() || index.isLoaded());
    }

    /** The gravest divergence of all indexes. */
    public Optional<Kind> divergence() {
        return indexes.values().stream()
                .flatMap(index -> index.divergence().stream())
                .min(Comparator.naturalOrder());
    }

    /**
     * Log after the stored position, as of the last look at the slot. Before the stream is first open, log after the
     * position of the slot.
     */
    public long behindBytes() {
        return wal.map(WalStatus::look)
                .map(look -> stored.equals(Lsn.ZERO) ? look.unconfirmed() : look.bytesSince(stored))
                .orElse(0L);
    }
}
