package io.pgsync.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.StubEngine.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class ElasticsearchConnectionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Reply REFRESHED = new Reply(200, "{\"_shards\":{\"total\":1,\"successful\":1,\"failed\":0}}");
    private static final Reply BUSY =
            new Reply(503, "{\"status\":503,\"error\":{\"type\":\"unavailable\",\"reason\":\"starting\"}}");

    private final Scheduler scheduler = Schedulers.newParallel("engine", 1);
    private final StubEngine engine = new StubEngine();

    @AfterEach
    void close() {
        engine.close();
        scheduler.dispose();
    }

    @Test
    void anInterruptedCallerStillGetsItsAnswer() {
        try (var connection = connection(Duration.ofSeconds(20))) {
            Thread.currentThread().interrupt();
            CompletableFuture<Answer> answer = ask(connection).toFuture();
            Thread.interrupted();

            assertThat(answer).succeedsWithin(PATIENCE);
        }
    }

    @Test
    void oneSilentConnectionTellsOfAllThatWaited() {
        int several = 5;
        try (var connection = connection(Duration.ofSeconds(2))) {
            openConnections(several, connection);
            engine.silenceOpenConnections();

            StepVerifier.create(ask(connection)).expectError().verify(PATIENCE);

            StepVerifier.create(Flux.range(0, several).flatMap(each -> ask(connection)))
                    .expectNextCount(several)
                    .expectComplete()
                    .verify(PATIENCE);
        }
    }

    @Test
    void aPassingRefusalOfWhatMayBeSentTwiceIsTriedAgain() {
        engine.then(request -> BUSY).then(request -> BUSY).then(request -> REFRESHED);
        try (var connection = connection(Duration.ofSeconds(20))) {
            StepVerifier.create(refresh(connection)).expectComplete().verify(PATIENCE);
        }
    }

    @Test
    void aRefusalThatDoesNotPassIsAFailureInTheEnd() {
        // More than are made: a few tries after the first one.
        for (int attempt = 0; attempt < 8; attempt++) {
            engine.then(request -> BUSY);
        }
        try (var connection = connection(Duration.ofSeconds(20))) {
            StepVerifier.create(refresh(connection))
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOf(SyncException.class)
                            .hasMessageContaining("could not refresh: status 503"))
                    .verify(PATIENCE);
        }
    }

    private ElasticsearchConnection connection(Duration timeout) {
        var limits = new ConnectionSettings(Duration.ofSeconds(5), timeout, 10);
        return ElasticsearchConnection.open(
                ElasticsearchSettings.of(engine.url()).withConnections(limits), scheduler);
    }

    /** So many requests at the same time that each needs a connection of its own. */
    private void openConnections(int count, ElasticsearchConnection connection) {
        var arrived = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            engine.then(request -> {
                arrived.countDown();
                awaitAll(arrived);
                return REFRESHED;
            });
        }
        Flux.range(0, count).flatMap(each -> ask(connection)).blockLast(PATIENCE);
    }

    private static void awaitAll(CountDownLatch arrived) {
        try {
            arrived.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Mono<Answer> ask(ElasticsearchConnection connection) {
        return connection.send(new Request("GET", "/"));
    }

    private static Mono<Void> refresh(ElasticsearchConnection connection) {
        return connection
                .repeatable("refresh", new Request("POST", "/_refresh"))
                .then();
    }
}
