package io.pgsync.runtime.status;

import io.pgsync.core.checkpoint.Evidence;
import io.pgsync.core.checkpoint.PartitionLoad;
import io.pgsync.core.checkpoint.Soundness;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.replication.retention.Retention;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.runtime.report.AuditStatus;
import io.pgsync.runtime.report.DocumentStatus;
import io.pgsync.runtime.report.DocumentStatus.Load;
import io.pgsync.runtime.report.DocumentStatus.Position;
import io.pgsync.runtime.report.DocumentStatus.Stage;
import io.pgsync.runtime.status.StatusReader.Subject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges one index by its state and its slot; tells only the first thing that is wrong. */
final class DocumentDiagnosis {
    /** The heartbeat comes every ten seconds, so a stream that stored nothing for longer than that is behind. */
    private static final Duration LIVE_WITHIN = Duration.ofSeconds(15);

    private final Subject subject;
    private final StatusLook earlier;
    private final StatusLook later;

    DocumentDiagnosis(Subject subject, StatusLook earlier, StatusLook later) {
        this.subject = subject;
        this.earlier = earlier;
        this.later = later;
    }

    DocumentStatus of(String index) {
        if (later.engineFailure().isPresent()) {
            return without(index, Stage.UNKNOWN, later.engineFailure().get());
        }
        return StatusReader.state(later, index)
                .map(this::of)
                .orElseGet(() -> without(index, Stage.NOT_PREPARED, "run \"pgsync bootstrap\" first"));
    }

    private static DocumentStatus without(String index, Stage stage, String reason) {
        return new DocumentStatus(index, stage, reason, Optional.empty(), Optional.empty(), 0);
    }

    private DocumentStatus of(SyncState state) {
        Verdict verdict = verdict(state);
        return new DocumentStatus(
                state.index(),
                verdict.stage(),
                verdict.divergence(),
                verdict.reason(),
                Optional.of(position(state)),
                load(state),
                state.refused().size(),
                state.backfill().partitions().map(PartitionLoad::cause),
                audit(state.index()));
    }

    private Optional<AuditStatus> audit(String index) {
        return Optional.ofNullable(later.audits().get(index))
                .map(found -> AuditStatus.of(found, subject.expected().getOrDefault(index, 0L)));
    }

    private record Verdict(Stage stage, Optional<Kind> divergence, String reason) {
        static Verdict of(Stage stage, String reason) {
            return new Verdict(stage, Optional.empty(), reason);
        }
    }

    private Verdict verdict(SyncState state) {
        Optional<Verdict> diverged = divergence(state);
        if (diverged.isPresent()) {
            return diverged.get();
        }
        if (!later.retention().isRead()) {
            return Verdict.of(Stage.STOPPED, "no pgsync process reads the slot");
        }
        if (!state.backfill().isDone()) {
            return Verdict.of(Stage.LOADING, "");
        }
        boolean late =
                behind(state).filter(time -> time.compareTo(LIVE_WITHIN) > 0).isPresent();
        return Verdict.of(late ? Stage.CATCHING_UP : Stage.LIVE, "");
    }

    /**
     * First what would make a run refuse to go on, recorded or not, because it is graver; then recorded divergences
     * with which a run goes on.
     */
    private Optional<Verdict> divergence(SyncState state) {
        return Soundness.of(state, slot())
                .or(() -> aheadOfLog(state.index()))
                .or(() -> Soundness.of(state, index(state.index()), shards(state.index())))
                .map(found -> diverged(found.kind(), found.what(), state.index()))
                .or(() -> state.diverged().map(found -> diverged(found.kind(), found.toString(), state.index())));
    }

    private Verdict diverged(Kind kind, String what, String index) {
        String repair = subject.repair().of(List.of(index));
        return new Verdict(Stage.DIVERGED, Optional.of(kind), what + "; " + kind.remedy(repair));
    }

    /**
     * The slot was looked at before the states, so the time between the two looks cannot make it appear ahead of them.
     */
    private Evidence slot() {
        Optional<SlotStatus> slot = later.retention().slot();
        if (slot.isEmpty()) {
            return new Evidence.NoSlot();
        }
        return slot.get().isLost() ? new Evidence.LogDiscarded() : new Evidence.Confirmed(subject.slot(), later.owed());
    }

    /**
     * The earlier state was read before the later look at the log, so the time between cannot make it appear ahead of
     * the log's end. A single look proves nothing; two looks at idle servers are equal but prove as much as others,
     * hence the comparison by reference.
     */
    @SuppressWarnings("ReferenceEquality")
    private Optional<Divergence> aheadOfLog(String index) {
        // On a server that took the place of another one, the state may still hold a position of the other one's log.
        if (later.retention().slot().filter(SlotStatus::synced).isPresent()) {
            return Optional.empty();
        }
        var end = new Evidence.LogEnd(later.retention().current());
        return StatusReader.state(earlier, index)
                .filter(then -> earlier != later)
                .flatMap(end::against)
                .map(what -> new Divergence(end.kind(), index, what));
    }

    private Evidence index(String index) {
        return new Evidence.Index(Optional.ofNullable(later.uuids().get(index)));
    }

    private Evidence shards(String index) {
        return new Evidence.Shards(later.histories().getOrDefault(index, Map.of()));
    }

    private Position position(SyncState state) {
        return new Position(state.stored(), later.retention().bytesSince(state.stored()), behind(state));
    }

    private Optional<Duration> behind(SyncState state) {
        Retention now = later.retention();
        return state.storedAt()
                .map(time -> Duration.between(time, now.at()))
                .map(time -> time.isNegative() ? Duration.ZERO : time);
    }

    private Optional<Load> load(SyncState state) {
        if (state.backfill().isDone()) {
            return Optional.empty();
        }
        long documents = state.backfill().documents();
        long before = StatusReader.state(earlier, state.index())
                .map(known -> known.backfill().documents())
                .orElse(documents);
        double seconds =
                Duration.between(earlier.retention().at(), later.retention().at())
                                .toNanos()
                        / 1e9;
        double rate = seconds <= 0 ? 0 : Math.max(0, documents - before) / seconds;
        return Optional.of(new Load(documents, subject.expected().getOrDefault(state.index(), 0L), rate));
    }
}
