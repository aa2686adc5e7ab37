package io.pgsync.runtime.setup;

import static io.pgsync.runtime.setup.BootstrappedShop.BOOKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.replication.slot.Publication.Keeper;
import io.pgsync.runtime.source.Fingerprints;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** {@link Bootstrap} of an index that another bootstrap has made: what it has loaded again, and what it leaves alone. */
class RepeatedBootstrapTest {
    private final BootstrappedShop shop = new BootstrappedShop();

    /** By an earlier bootstrap, and followed since. */
    @BeforeEach
    void prepare() {
        shop.source.publication(Keeper.US, "books").slot(7, "reserved");
        shop.engine.existed = true;
        String fingerprint =
                new Fingerprints(BootstrappedShop.SCHEMA).of(BOOKS.trees().get(0));
        shop.states.put(new SyncState(
                "books",
                "uuid",
                BootstrappedShop.SOURCE,
                4,
                fingerprint,
                BackfillProgress.DONE,
                new Lsn(10),
                List.of()));
    }

    @Test
    void whatIsSoundStaysWithTheProcessThatOwnsIt() {
        shop.run();

        assertThat(shop.states.written).isEmpty();
    }

    @Test
    void anIndexThatIsAnotherIsLoadedAgainBehindWhoeverWroteItLast() {
        shop.engine.uuid = "another";
        shop.engine.newest = 2;

        shop.run();

        assertThat(shop.states.get("books")).satisfies(state -> {
            assertThat(state.indexUuid()).isEqualTo("another");
            assertThat(state.generation()).isEqualTo(4);
            assertThat(state.backfill().isDone()).isFalse();
        });
    }

    @Test
    void soIsOneThatIsNotFoundByItsKeys() {
        shop.engine.unseen = Optional.of("no search finds them");

        shop.run();

        assertThat(shop.states.get("books").backfill().isDone()).isFalse();
    }

    @Test
    void tablesThatWereNotPublishedLeaveAGapBeforeTheyAre() {
        shop.source.publication(Keeper.US).slot(0, "reserved");

        shop.run();

        assertThat(shop.states.written).first().isEqualTo("state books 0/A");
        assertThat(shop.states.get("books").backfill().isDone()).isFalse();
    }

    @Test
    void ofAPublicationOfOthersTheGapIsNotedBeforeTheExaminationThatStops() {
        shop.source.publication(Keeper.ANOTHER_ROLE).slot(0, "reserved");

        StepVerifier.create(shop.bootstrap().noteWhatOthersLeaveOut(List.of(BOOKS)))
                .verifyComplete();

        assertThat(shop.states.get("books").diverged().map(Diverged::kind)).contains(Kind.GAP);
    }

    @Test
    void aProcessThatMovesItsStateWhileItIsLookedAtOwnsASoundIndex() {
        shop.source.growth = 10;
        shop.states.put(shop.states.get("books").withStored(new Lsn(115), Optional.empty()));

        shop.run();

        assertThat(shop.states.written).isEmpty();
    }
}
