package io.pgsync.runtime.status;

import static io.pgsync.runtime.status.Looks.NOON;
import static io.pgsync.runtime.status.Looks.slot;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.report.DocumentStatus;
import io.pgsync.runtime.report.DocumentStatus.Stage;
import io.pgsync.runtime.status.StatusReader.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link DocumentDiagnosis} says of one state before one slot. */
class DocumentStageTest {
    private static final Subject SUBJECT =
            new Subject("shop", "slot", List.of("book"), Map.of("book", 300L), new RepairCommand("schema.json", false));
    private static final Optional<SlotStatus> READ = slot(10, 7);

    private final SyncState state = StatesInMemory.state("book", 10);

    @Test
    void oneThatIsReadAndHasNothingLateIsLive() {
        assertThat(status(READ, state).stage()).isEqualTo(Stage.LIVE);
        assertThat(status(READ, storedBehind(Duration.ofSeconds(15))).stage()).isEqualTo(Stage.LIVE);
    }

    @Test
    void longerThanAHeartbeatIsCatchingUp() {
        assertThat(status(READ, storedBehind(Duration.ofSeconds(16))).stage()).isEqualTo(Stage.CATCHING_UP);
    }

    @Test
    void aSourceClockThatIsAheadIsNoDelay() {
        assertThat(status(READ, storedBehind(Duration.ofSeconds(-9))).position())
                .hasValueSatisfying(position -> assertThat(position.behind()).contains(Duration.ZERO));
    }

    @Test
    void aSlotThatNobodyReadsIsStoppedEvenInTheMiddleOfALoad() {
        SyncState loading = state.withBackfill(BackfillProgress.start(true));

        assertThat(status(slot(10, 0), loading).stage()).isEqualTo(Stage.STOPPED);
        assertThat(status(READ, loading).stage()).isEqualTo(Stage.LOADING);
    }

    @Test
    void whoeverCannotAskTheEngineKnowsNothing() {
        DocumentStatus status = diagnosis(Looks.withoutStates(Optional.of("no answer")));

        assertThat(status.stage()).isEqualTo(Stage.UNKNOWN);
        assertThat(status.reason()).isEqualTo("no answer");
    }

    @Test
    void anIndexWithoutStateIsNotPrepared() {
        assertThat(diagnosis(Looks.withoutStates(Optional.empty())).stage()).isEqualTo(Stage.NOT_PREPARED);
    }

    @Test
    void aSlotThatIsGoneLostOrAheadIsAGap() {
        assertThat(List.of(slot(11, 7), slot(10, 7, "lost"), Optional.<SlotStatus>empty()))
                .allSatisfy(slot -> assertThat(status(slot, state).divergence()).contains(Kind.GAP));
    }

    @Test
    void anIndexThatIsGoneIsReplaced() {
        StatusLook look = Looks.at(NOON, READ, state);
        var gone = new StatusLook(look.retention(), look.states(), Map.of(), Map.of(), Map.of(), Optional.empty());

        assertThat(diagnosis(gone).divergence()).contains(Kind.INDEX_REPLACED);
    }

    @ParameterizedTest
    @EnumSource(names = {"SCHEMA_DRIFT", "UNREADABLE", "SUPERSEDED"})
    void whatIsRecordedAndNotFollowedStandsBeforeWhatIsSeen(Kind recorded) {
        assertThat(status(slot(11, 7), diverged(recorded)).divergence()).contains(recorded);
    }

    @ParameterizedTest
    @EnumSource(names = {"DEFINITION_CHANGED", "LOAD_REFUSED", "PARTITIONS_CHANGED"})
    void whatIsFollowedStandsBehindAGap(Kind recorded) {
        assertThat(status(slot(11, 7), diverged(recorded)).divergence()).contains(Kind.GAP);
        assertThat(status(READ, diverged(recorded)).divergence()).contains(recorded);
    }

    @Test
    void theRateOfALoadIsThatBetweenTwoLooks() {
        StatusLook earlier = Looks.at(NOON.minusSeconds(10), READ, loaded(50));

        DocumentStatus status = new DocumentDiagnosis(SUBJECT, earlier, Looks.at(NOON, READ, loaded(100))).of("book");

        assertThat(status.load()).contains(new DocumentStatus.Load(100, 300, 5));
        assertThat(status(READ, loaded(100)).load()).contains(new DocumentStatus.Load(100, 300, 0));
    }

    private SyncState loaded(long documents) {
        return state.withBackfill(BackfillProgress.start(true).loaded(List.of("7"), documents, 0));
    }

    private SyncState diverged(Kind kind) {
        return state.withDiverged(Diverged.at(new Lsn(5), kind, "what was found"));
    }

    private SyncState storedBehind(Duration time) {
        Instant committed = NOON.minus(time);
        return state.withStored(new Lsn(10), Optional.of(committed));
    }

    private static DocumentStatus status(Optional<SlotStatus> slot, SyncState state) {
        return diagnosis(Looks.at(NOON, slot, state));
    }

    private static DocumentStatus diagnosis(StatusLook look) {
        return new DocumentDiagnosis(SUBJECT, look, look).of("book");
    }
}
