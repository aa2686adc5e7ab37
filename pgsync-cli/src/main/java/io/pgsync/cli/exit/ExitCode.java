package io.pgsync.cli.exit;

import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.retention.WalBudget.Level;
import io.pgsync.runtime.report.BackfillOutcome;
import io.pgsync.runtime.report.DatabaseStatus;
import io.pgsync.runtime.report.DocumentStatus.Stage;
import io.pgsync.runtime.report.RetryOutcome;
import io.pgsync.runtime.report.VerifiedIndex;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a run ended, for scripts and supervisors. The numbers are part of the interface and never change their meaning. */
public enum ExitCode {
    /** Done; for a daemon: asked to stop, everything under way stored and confirmed. */
    OK(0, "done"),
    /** Something failed that may pass: starting again resumes where it stopped. */
    FAILURE(1, "failed, starting again may help"),
    /** The command line is wrong. */
    USAGE(2, "wrong command line"),
    /** Configuration, schema file or a server's set-up must be changed first: starting again does not help. */
    CONFIGURATION(3, "configuration, schema file or server must be changed first"),
    /** The index may have missed changes: it must be repaired. */
    GAP(4, "the index may have missed changes, a repair is needed"),
    /** Another process took over the index; this one stopped so that only one writes. */
    TAKEN_OVER(5, "another process took over");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }

    /** The code for a run that a failure ended. */
    public static ExitCode of(Throwable failure) {
        if (failure instanceof StateConflictException) {
            return TAKEN_OVER;
        }
        if (failure instanceof SyncException known) {
            return of(known.remedy());
        }
        return FAILURE;
    }

    /**
     * The code for all divergences together: those that only a load repairs go before those that a person must correct;
     * OK if there are none.
     */
    public static ExitCode of(Stream<Kind> kinds) {
        Set<Remedy> called = kinds.map(Kind::callsFor).collect(Collectors.toSet());
        if (called.contains(Remedy.REPAIR)) {
            return GAP;
        }
        return called.contains(Remedy.STOP) ? CONFIGURATION : OK;
    }

    /** The code for what became of an order to load indexes again. */
    public static ExitCode of(BackfillOutcome outcome) {
        return switch (outcome) {
            case LOADED -> OK;
            case STOPPED -> FAILURE;
            case REFUSED -> CONFIGURATION;
        };
    }

    /** The code for refused documents that were tried again. */
    public static ExitCode ofRetries(List<RetryOutcome> outcomes) {
        if (outcomes.stream().anyMatch(RetryOutcome::stopped)) {
            return FAILURE;
        }
        return outcomes.stream().allMatch(outcome -> outcome.refused().isEmpty()) ? OK : CONFIGURATION;
    }

    /** The code for a comparison: OK if it came to its end, and nothing differs any more. */
    public static ExitCode of(VerifiedIndex found) {
        if (found.counts().remaining() > 0) {
            return GAP;
        }
        return found.failure().map(ExitCode::of).orElse(found.isComplete() ? OK : FAILURE);
    }

    /** OK if nobody has to do anything about a database; otherwise the code of the worst problem. */
    public static ExitCode of(DatabaseStatus database) {
        ExitCode diverged = of(database.documents().stream().flatMap(document -> document.divergence().stream()));
        if (diverged != OK) {
            return diverged;
        }
        if (database.has(Stage.NOT_PREPARED)) {
            return CONFIGURATION;
        }
        Level level = database.wal().level();
        boolean urgent = level == Level.HIGH || level == Level.FULL;
        return urgent || database.has(Stage.STOPPED) || database.has(Stage.UNKNOWN) ? FAILURE : OK;
    }

    /** The code for what a person has to do. */
    public static ExitCode of(Remedy remedy) {
        return switch (remedy) {
            case RETRY -> FAILURE;
            case STOP -> CONFIGURATION;
            case REPAIR -> GAP;
        };
    }
}
