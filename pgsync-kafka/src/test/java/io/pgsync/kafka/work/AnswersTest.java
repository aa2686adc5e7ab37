package io.pgsync.kafka.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

class AnswersTest {
    private final List<Throwable> dropped = new ArrayList<>();

    @AfterEach
    void reset() {
        Hooks.resetOnErrorDropped();
    }

    /** The brokers answer each record, and somebody waits for all of them once. */
    @Test
    void ofSeveralFailuresTheFirstIsToldAndNoneIsDropped() {
        Hooks.onErrorDropped(dropped::add);
        var first = new TimeoutException("first");

        CompletableFuture<Void> told = Mono.<Void>create(sink -> {
                    var answers = new Answers(4, sink);
                    answers.add(first);
                    answers.add(null);
                    answers.add(new TimeoutException("second"));
                    answers.add(null);
                })
                .toFuture();

        assertThat(told).failsWithin(0, TimeUnit.SECONDS).withThrowableThat().withCause(first);
        assertThat(dropped).isEmpty();
    }
}
