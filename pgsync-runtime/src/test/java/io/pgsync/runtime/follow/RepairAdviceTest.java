package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.source.Databases;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class RepairAdviceTest {
    private static final SyncException SLOT_LOST = new SyncException(Remedy.REPAIR, "The slot is lost.");

    private final StatesInMemory states = StatesInMemory.of("books");
    private Mono<String> end = Mono.just("0/1F");

    @Test
    void aGapOfTheSlotNamesTheRangeOfEveryIndexAndOneCommandForAll() {
        advised(SLOT_LOST, failure -> {
            assertThat(failure.remedy()).isEqualTo(Remedy.REPAIR);
            assertThat(failure.getMessage().lines())
                    .containsExactly(
                            "The slot is lost.",
                            "Index \"books\": changes from 0/A to 0/1F may be missing.",
                            "Index \"authors\": any of its documents may be out of date.",
                            "Repair it with: pgsync backfill -c schema.json --document books --document authors");
        });
    }

    @Test
    void aGapOfOneIndexNamesItsRangeAlready() {
        advised(
                new GapException("books", "changes are missing."),
                failure -> assertThat(failure.getMessage().lines())
                        .hasSize(2)
                        .last()
                        .isEqualTo("Repair it with: pgsync backfill -c schema.json --document books"));
    }

    @Test
    void theFailureIsToldEvenIfNobodyCanBeAskedAnyMore() {
        states.isAway = true;
        end = Mono.error(new SyncException(Remedy.RETRY, "away"));

        advised(
                SLOT_LOST,
                failure -> assertThat(failure)
                        .hasMessageContaining("The slot is lost.")
                        .hasMessageContaining("\"books\": changes may be missing."));
    }

    @Test
    void whatNoLoadMendsStaysAsItIs() {
        var stop = new SyncException(Remedy.STOP, "no right");

        advised(stop, failure -> assertThat(failure).isSameAs(stop));
    }

    private void advised(SyncException before, Consumer<SyncException> law) {
        var advice = new RepairAdvice(states, new RepairCommand("schema.json", false), database -> end);
        StepVerifier.create(advice.failed(Databases.shop("books", "authors"), before))
                .verifyErrorSatisfies(failure -> law.accept((SyncException) failure));
    }
}
