package io.pgsync.runtime.verify;

import io.pgsync.core.audit.AuditProgress;
import io.pgsync.core.audit.AuditProgress.Round;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.report.Difference;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import io.pgsync.runtime.status.Amounts;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Tells in the log what the audit of one index finds. */
final class AuditLog {
    /** In a round. */
    static final int MOST_TOLD = 100;

    private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

    private final String index;
    private final RepairCommand repair;
    private volatile boolean hasFailed;

    AuditLog(String index, RepairCommand repair) {
        this.index = index;
        this.repair = repair;
    }

    /** {@code before}: the round before these were found. */
    void found(Round before, List<Difference> differences) {
        long room = MOST_TOLD - before.differing();
        differences.stream()
                .limit(Math.max(0, room))
                .forEach(difference -> log.warn("Index {}: the audit found document {}", index, words(difference)));
        if (room >= 0 && differences.size() > room) {
            log.warn(
                    "Index {}: more than {} documents differ. The further ones of this round are repaired without a word, up to {}; where there are many, load the index: {}",
                    index,
                    MOST_TOLD,
                    Tally.MOST_REPAIRED,
                    repair.of(List.of(index)));
        }
    }

    private static String words(Difference difference) {
        String paths = difference.paths().isEmpty() ? "" : " in " + String.join(", ", difference.paths());
        return "\"" + difference.id() + "\" " + difference.kind().name().toLowerCase(Locale.ROOT) + paths;
    }

    void repaired(Counts counts) {
        Level level = counts.remaining() > 0 ? Level.WARN : Level.INFO;
        log.atLevel(level)
                .log(
                        "Index {}: {} of {} documents that differed are repaired",
                        index,
                        counts.repaired(),
                        counts.differing());
    }

    void ended(AuditProgress progress) {
        Round round = progress.round();
        Level level = round.remaining() > 0 ? Level.WARN : Level.INFO;
        log.atLevel(level)
                .log(
                        "Index {}: a round of the audit is over, {} documents compared in {}, as of {}: {} differed, {} repaired, {} undecided",
                        index,
                        round.compared(),
                        Amounts.time(Duration.between(round.began(), round.at())),
                        progress.position(),
                        round.differing(),
                        round.repaired(),
                        round.undecided());
    }

    /** The first of several failures without a success in between deserves a warning. */
    void failed(Throwable failure) {
        Level level = hasFailed ? Level.DEBUG : Level.WARN;
        hasFailed = true;
        log.atLevel(level).log("Index {} is not audited for now: {}", index, failure.getMessage());
    }

    void goesOn() {
        hasFailed = false;
    }
}
