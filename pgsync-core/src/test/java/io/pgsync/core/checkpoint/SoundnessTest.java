package io.pgsync.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.checkpoint.Evidence.Confirmed;
import io.pgsync.core.checkpoint.Evidence.Definition;
import io.pgsync.core.checkpoint.Evidence.Index;
import io.pgsync.core.checkpoint.Evidence.LogDiscarded;
import io.pgsync.core.checkpoint.Evidence.LogEnd;
import io.pgsync.core.checkpoint.Evidence.NoSlot;
import io.pgsync.core.checkpoint.Evidence.Shards;
import io.pgsync.core.checkpoint.Evidence.Source;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SoundnessTest {
    private static final SourceIdentity SOURCE = new SourceIdentity("42", 1, "shop", "pgsync");
    private static final SourceIdentity CLONE = new SourceIdentity("43", 1, "shop", "pgsync");

    /** Stored up to 0/A. */
    private static final SyncState STATE =
            new SyncState("book", "uuid", SOURCE, 1, "f", BackfillProgress.DONE, new Lsn(10), List.of());

    private static final SyncState SHARDED = STATE.withHistories(Map.of("0", "h0", "2", "h2", "10", "h10"));

    static Stream<Arguments> sound() {
        return Stream.of(
                arguments("a slot that waits for it", STATE, source(SOURCE, 10, 99)),
                arguments("a slot that is behind it", STATE, source(SOURCE, 9, 99)),
                arguments("a log that ends with it", STATE, source(SOURCE, 10, 10)),
                arguments("a log that goes on", STATE, new LogEnd(new Lsn(11))),
                arguments("a slot alone", STATE, new Confirmed("pgsync", new Lsn(10))),
                arguments(
                        "a slot ahead of a load that nobody took up",
                        STATE.withBackfill(BackfillProgress.start(true)),
                        new Confirmed("s", new Lsn(11))),
                arguments("the same index", STATE, new Index(Optional.of("uuid"))),
                arguments("shards that were not known then", STATE, new Shards(Map.of("0", "h0"))),
                arguments("shards that are not known now", SHARDED, new Shards(Map.of())),
                arguments("the same shards", SHARDED, new Shards(Map.of("0", "h0", "2", "h2"))),
                arguments("the same definition", STATE, new Definition(true)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sound")
    void soundIsAnIndexWith(String what, SyncState state, Evidence evidence) {
        assertThat(Soundness.of(state, evidence)).isEmpty();
    }

    static Stream<Arguments> unsound() {
        return Stream.of(
                arguments("another server", STATE, source(CLONE, 10, 99), "gap: it was loaded from"),
                arguments("a slot ahead of it", STATE, source(SOURCE, 11, 99), "gap: changes from 0/A to 0/B were"),
                arguments("a log that ends before", STATE, source(SOURCE, 9, 9), "gap: its state says that changes up"),
                arguments("a log that ends before", STATE, new LogEnd(new Lsn(9)), "gap: its state says that changes"),
                arguments("a slot ahead", STATE, new Confirmed("s", new Lsn(11)), "gap: changes from 0/A to 0/B were"),
                arguments(
                        "a slot ahead of a load that was taken up",
                        SHARDED.withBackfill(BackfillProgress.start(true)),
                        new Confirmed("s", new Lsn(11)),
                        "gap: changes from 0/A to 0/B were"),
                arguments("no slot", STATE, new NoSlot(), "gap: the slot is gone, and with it the changes after 0/A"),
                arguments("no log", STATE, new LogDiscarded(), "gap: the server discarded changes after 0/A"),
                arguments("no index", STATE, new Index(Optional.empty()), "index-replaced: it no longer exists"),
                arguments("another index", STATE, new Index(Optional.of("new")), "index-replaced: it was deleted and"),
                arguments(
                        "other shards",
                        SHARDED,
                        new Shards(Map.of("0", "h0", "2", "other", "10", "other")),
                        "index-replaced: shard 2, 10 was allocated again"),
                arguments("another definition", STATE, new Definition(false), "gap: it was loaded with another def"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unsound")
    void unsoundIsAnIndexWith(String what, SyncState state, Evidence evidence, String reason) {
        assertThat(words(Soundness.of(state, evidence))).startsWith(reason);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsRecordedCountsUnlessItIsFollowed(Kind kind) {
        SyncState recorded = STATE.withDiverged(Diverged.at(new Lsn(5), kind, "why"));

        String found = words(Soundness.of(recorded));

        if (kind.isFollowed()) {
            assertThat(found).isEmpty();
        } else {
            assertThat(found).startsWith(kind.word() + ": ").endsWith(": why");
        }
    }

    @Test
    void whatIsRecordedComesFirstAndThenTheEvidenceInItsOrder() {
        SyncState recorded = STATE.withDiverged(Diverged.gap(new Lsn(10), new Lsn(20), "the slot was dropped"));
        Evidence[] evidence = {new Definition(true), new Index(Optional.of("new")), new NoSlot()};

        assertThat(words(Soundness.of(recorded, evidence))).startsWith("gap: changes from 0/A to 0/14 are missing");
        assertThat(words(Soundness.of(STATE, evidence))).startsWith("index-replaced: it was deleted");
    }

    @Test
    void whatIsFollowedHidesNoEvidence() {
        SyncState followed = STATE.withDiverged(Diverged.at(new Lsn(5), Kind.DEFINITION_CHANGED, "a view"));

        assertThat(words(Soundness.of(followed, new NoSlot()))).startsWith("gap: the slot is gone");
    }

    @Test
    void anIndexWithoutAStateIsAGap() {
        assertThat(words(Optional.of(Soundness.withoutState("book")))).startsWith("gap: nothing is known of its state");
    }

    private static Source source(SourceIdentity identity, long confirmed, long written) {
        return new Source(new SourcePosition(identity, new Lsn(confirmed), new Lsn(written)));
    }

    private static String words(Optional<Divergence> found) {
        found.ifPresent(one -> assertThat(one.index()).isEqualTo("book"));
        return found.map(one -> one.kind().word() + ": " + one.what()).orElse("");
    }
}
