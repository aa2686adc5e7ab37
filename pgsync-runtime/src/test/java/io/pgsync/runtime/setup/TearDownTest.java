package io.pgsync.runtime.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.checkpoint.PlacementsInMemory;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.lease.Lease;
import io.pgsync.core.lease.LeasesInMemory;
import io.pgsync.replication.slot.Publication.Keeper;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Databases;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class TearDownTest {
    private final StatesInMemory states = StatesInMemory.of("books", "authors");
    private final SourceInMemory server = new SourceInMemory(states.written).publication(Keeper.US, "books");
    private final LeasesInMemory leases = new LeasesInMemory();
    private final Database shop = Databases.shop("books", "authors");

    @Test
    void theStatesGoLastSoThatASecondTryFindsOutWhatIsStillThere() {
        StepVerifier.create(tearDown(Mono.just(true)).run(List.of(shop.without(List.of("authors")))))
                .verifyComplete();

        assertThat(states.written)
                .containsExactly(
                        "drop slot pgsync", "drop publication pgsync", "state books deleted", "state authors deleted");
    }

    @Test
    void theLeaseOfAProcessThatDiedGoesToo() {
        leases.put(Lease.begun("pgsync@1", "pgsync 0123"));

        StepVerifier.create(tearDown(Mono.just(true)).run(List.of(shop))).verifyComplete();

        assertThat(leases.get("pgsync@1")).isEmpty();
    }

    @Test
    void aPublicationOfWhichNothingSaysThatItIsOursStays() {
        StepVerifier.create(tearDown(Mono.just(false)).run(List.of(shop))).verifyComplete();

        assertThat(states.written).contains("drop slot pgsync").doesNotContain("drop publication pgsync");
    }

    @Test
    void whatServesAnotherFileTooIsNotTouched() {
        Mono<Boolean> refusal = Mono.error(new SyncException(Remedy.STOP, "serves readers"));

        StepVerifier.create(tearDown(refusal).run(List.of(shop))).verifyErrorMessage("serves readers");

        assertThat(states.written).isEmpty();
    }

    private TearDown tearDown(Mono<Boolean> proof) {
        return new TearDown(
                states,
                new PlacementsInMemory(),
                database -> leases.delete("pgsync@1"),
                database -> proof,
                database -> server);
    }
}
