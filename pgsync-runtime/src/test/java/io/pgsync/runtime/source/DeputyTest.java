package io.pgsync.runtime.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

class DeputyTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final Sinks.Empty<Void> end = Sinks.empty();
    private final List<String> events = new ArrayList<>();
    private Mono<Boolean> isThere = Mono.just(true);

    @AfterEach
    void close() {
        timer.dispose();
    }

    @Test
    void waitsAsLongAsTheOtherProcessIsThere() {
        var work = work();
        timer.advanceTimeBy(Duration.ofMinutes(5));

        assertThat(work).isNotDone();
        end.tryEmitEmpty();

        assertThat(work).isCompleted();
        assertThat(events).isEmpty();
    }

    @Test
    void takesThePlaceOfAProcessThatIsGone() {
        var work = work();

        isThere = Mono.just(false);
        timer.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(work).isCompleted();
        assertThat(events).containsExactly("itself");
    }

    @Test
    void aServerThatDoesNotAnswerTellsNothingOfTheProcess() {
        var work = work();

        isThere = Mono.error(new SyncException(Remedy.RETRY, "no answer"));
        timer.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(work).isNotDone();
        isThere = Mono.just(false);
        timer.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(events).containsExactly("itself");
    }

    private CompletableFuture<Void> work() {
        return new Deputy(Mono.defer(() -> isThere), timer)
                .waitFor(end.asMono(), () -> Mono.fromRunnable(() -> events.add("itself")))
                .toFuture();
    }
}
