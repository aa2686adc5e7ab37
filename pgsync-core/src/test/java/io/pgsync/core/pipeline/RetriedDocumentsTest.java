package io.pgsync.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.refusal.Refusal;
import io.pgsync.core.refusal.RetryOrder;
import io.pgsync.core.sink.WriteBatch;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.sink.WriteOutcome.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A run that finds an order to try refused documents again. */
class RetriedDocumentsTest {
    private static final Refusal EARLIER =
            new Refusal("7", 400, "bad", "no", Optional.empty(), Instant.EPOCH, Instant.EPOCH, 1);

    private final SynchronizerRun run = new SynchronizerRun();
    private final List<String> reads = new ArrayList<>();
    private boolean isMended = true;

    RetriedDocumentsTest() {
        run.states.put(States.state("shop", 10).withRefused(List.of("7")));
        run.refusals.put("shop", List.of(EARLIER));
        run.refusals.put("shop", RetryOrder.ALL);
        run.documents = new GivenDocuments(
                roots -> {
                    reads.add("read");
                    return roots.stream()
                            .map(root -> new Upsert(root, root.key().get(0), Optional.empty(), new byte[] {'{', '}'}))
                            .toList();
                },
                () -> reads.add("require the present"));
        run.indexes.sink = this::outcome;
    }

    @AfterEach
    void close() {
        run.close();
    }

    /** Whoever waits for the end of the order reads in the state what became of it. */
    @Test
    void theStateIsWrittenBeforeTheOrderEnds() {
        follow(Duration.ofSeconds(5));

        assertThat(run.states.get("shop").refused()).isEmpty();
        assertThat(run.states.written)
                .containsSubsequence("records shop []", "state shop 0/A", "order shop []")
                .endsWith("order shop []");
    }

    /** What was mended may be in no position of the stream. */
    @Test
    void whatIsTriedAgainShowsThePresent() {
        follow(Duration.ofSeconds(5));

        assertThat(reads).containsExactly("require the present", "read");
    }

    @Test
    void whatIsRefusedAgainStaysWithItsRecord() {
        isMended = false;

        follow(Duration.ofSeconds(5));

        assertThat(run.states.get("shop").refused()).containsExactly("7");
        assertThat(run.refusals.recorded("shop"))
                .singleElement()
                .satisfies(record -> assertThat(record.times()).isEqualTo(2));
        assertThat(run.refusals.ordered("shop").isNone()).isTrue();
    }

    /** The end comes before the pause after the last write is over. */
    @Test
    void theLastRecordsAreWrittenAtTheEnd() {
        isMended = false;
        run.refusals.put("shop", List.of());
        follow(Duration.ofMillis(1));

        run.stop();
        run.pass(Duration.ofMillis(1));

        assertThat(run.refusals.recorded("shop")).hasSize(1);
    }

    private void follow(Duration passing) {
        run.follow(Flux.never());
        run.pass(passing);
    }

    private Mono<WriteOutcome> outcome(WriteBatch batch) {
        return Mono.fromSupplier(() -> isMended
                ? new WriteOutcome(1, 0, List.of())
                : new WriteOutcome(0, 0, List.of(new Refused(batch.changes().get(0), 400, "bad", "no"))));
    }
}
