package io.pgsync.runtime.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.change.TableName;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class KnownIndexTest {
    private static final SourceIdentity SOURCE = new SourceIdentity("7212345678901234567", 3, "shop", "pgsync_shop");
    private static final Lsn STORED = new Lsn(10);

    private final SyncState sound =
            new SyncState("books", "uuid", SOURCE, 4, "fingerprint", BackfillProgress.DONE, STORED, List.of());

    @Test
    void aSoundIndexStaysAsItIs() {
        assertThat(reason(sound)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "PUBLICATION_CHANGED",
                "PARTITIONS_CHANGED",
                "DEFINITION_CHANGED",
                "LOAD_REFUSED",
                "ROWS_UNREADABLE"
            })
    void oneThatIsFollowedStaysWithTheProcessThatFollowsIt(Kind followed) {
        assertThat(reason(diverged(followed))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "PUBLICATION_CHANGED",
                "PARTITIONS_CHANGED",
                "DEFINITION_CHANGED",
                "LOAD_REFUSED",
                "ROWS_UNREADABLE"
            },
            mode = Mode.EXCLUDE)
    void oneThatNoStartGoesOnWithIsLoadedAgain(Kind kind) {
        assertThat(reason(diverged(kind)))
                .hasValueSatisfying(words -> assertThat(words).contains("what was before"));
    }

    @Test
    void aGapOverWhatIsFollowedIsLoadedAgain() {
        Optional<SyncState> missing = Bootstrap.missing(
                diverged(Kind.DEFINITION_CHANGED), Set.of(new TableName("public", "book")), new Lsn(20));

        assertThat(missing.flatMap(KnownIndexTest::reason))
                .hasValueSatisfying(words -> assertThat(words).contains("public.book", "what was before"));
    }

    @Test
    void whatIsFollowedHidesNoOtherReason() {
        SyncState followed = diverged(Kind.PARTITIONS_CHANGED);
        var lost = new SourcePosition(SOURCE, new Lsn(15), new Lsn(30));

        assertThat(List.of(
                        new KnownIndex(followed, "another", Map.of(), at(STORED), true, Optional.empty()),
                        new KnownIndex(followed, "uuid", Map.of(), lost, true, Optional.empty()),
                        new KnownIndex(followed, "uuid", Map.of(), at(STORED), false, Optional.empty()),
                        new KnownIndex(
                                followed, "uuid", Map.of(), at(STORED), true, Optional.of("no search finds them")),
                        new KnownIndex(
                                followed.withHistories(Map.of("0", "h0")),
                                "uuid",
                                Map.of("0", "other"),
                                at(STORED),
                                true,
                                Optional.empty())))
                .allSatisfy(index -> assertThat(index.reasonToLoadAgain()).isPresent());
    }

    private SyncState diverged(Kind kind) {
        return sound.withDiverged(Diverged.at(new Lsn(5), kind, "what was before"));
    }

    private static Optional<String> reason(SyncState state) {
        return new KnownIndex(state, "uuid", Map.of(), at(STORED), true, Optional.empty()).reasonToLoadAgain();
    }

    private static SourcePosition at(Lsn confirmed) {
        return new SourcePosition(SOURCE, confirmed, new Lsn(30));
    }
}
