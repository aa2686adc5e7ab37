package io.pgsync.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.report.VerifiedIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** The work beside a following that this process does itself. */
class VerificationsTest {
    private final List<String> events = new ArrayList<>();
    private final Sinks.One<String> work = Sinks.one();
    private final Sinks.Empty<Void> lost = Sinks.empty();

    @Test
    void theFollowingEndsInOrderBeforeTheResultIsTold() {
        CompletableFuture<String> end = beside();
        assertThat(events).containsExactly("follows");

        work.tryEmitValue("nothing differs");

        assertThat(end).isCompletedWithValue("nothing differs");
        assertThat(events).containsExactly("follows", "let go");
    }

    @Test
    void aFailureOfTheWorkEndsTheFollowingInOrderToo() {
        CompletableFuture<String> end = beside();

        work.tryEmitError(new IllegalStateException("no answer"));

        assertThat(end).isCompletedExceptionally();
        assertThat(events).containsExactly("follows", "let go");
    }

    @Test
    void aFollowingThatFailsEndsTheWork() {
        var cancelled = new ArrayList<String>();
        var end = Verifications.beside(this::follow, work.asMono().doOnCancel(() -> cancelled.add("work")))
                .toFuture();

        lost.tryEmitError(new IllegalStateException("lost slot"));

        assertThat(end).isCompletedExceptionally();
        assertThat(cancelled).containsExactly("work");
    }

    @Test
    void nothingIsFollowedBeforeSomebodyWantsTheResult() {
        Verifications.beside(this::follow, work.asMono());

        assertThat(events).isEmpty();
        work.tryEmitValue("done");
        StepVerifier.create(Verifications.beside(this::follow, work.asMono()))
                .expectNext("done")
                .verifyComplete();
    }

    @Test
    void aFailureIsToldWithWhatWasFoundBeforeIt() {
        var failure = new SyncException(Remedy.STOP, "lost slot");
        VerifiedIndex books = found("books");
        VerifiedIndex prices = found("prices");

        assertThat(Verifications.told(List.of(books, prices), failure).block())
                .containsExactly(books, prices.endedBy(failure));
        assertThat(prices.endedBy(failure).failure()).containsSame(failure);
        assertThatThrownBy(() -> Verifications.told(List.of(), failure).block()).isSameAs(failure);
    }

    private static VerifiedIndex found(String index) {
        return new VerifiedIndex(
                index, new Lsn(1), 1, true, Optional.empty(), true, VerifiedIndex.Counts.NONE, List.of());
    }

    private CompletableFuture<String> beside() {
        return Verifications.beside(this::follow, work.asMono()).toFuture();
    }

    private Mono<Void> follow(Mono<Void> stop) {
        return Mono.<Void>fromRunnable(() -> events.add("follows"))
                .then(Mono.firstWithSignal(stop, lost.asMono()))
                .then(Mono.fromRunnable(() -> events.add("let go")));
    }
}
