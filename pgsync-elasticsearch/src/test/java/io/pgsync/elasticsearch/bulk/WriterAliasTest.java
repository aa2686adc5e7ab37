package io.pgsync.elasticsearch.bulk;

import static io.pgsync.elasticsearch.StubbedConnection.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.elasticsearch.StubEngine;
import io.pgsync.elasticsearch.StubEngine.Reply;
import io.pgsync.elasticsearch.StubbedConnection;
import io.pgsync.elasticsearch.index.Generations;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

class WriterAliasTest {
    private static final Reply DENIED =
            new Reply(403, "{\"error\":{\"root_cause\":[],\"type\":\"t\",\"reason\":\"r\"},\"status\":403}");

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    private final StubEngine engine = stubbed.engine();
    private final WriterAlias alias = new WriterAlias(
            new Generations(stubbed.connection()), new Destination("books", 1, Optional.empty(), false));

    @AfterEach
    void forget() {
        Hooks.resetOnErrorDropped();
    }

    /** The first that fails ends the others. */
    @Test
    void aRenewalThatFailsForSeveralFailsOnceForAll() {
        List<Throwable> dropped = new CopyOnWriteArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        var waiting = new CountDownLatch(3);
        engine.once("/books/_alias", () -> {
            awaitAll(waiting);
            return Optional.of(DENIED);
        });
        alias.doubt("books_pgsync_g1");

        Flux<String> writes = Flux.range(0, 3).flatMap(each -> {
            Mono<String> current = alias.current();
            return current.doOnSubscribe(begun -> waiting.countDown());
        });

        assertThatThrownBy(() -> writes.blockLast(PATIENCE)).hasMessageContaining("status 403, t: r");
        assertThat(dropped).isEmpty();
    }

    @Test
    void aRenewalThatFailedIsTriedAgain() {
        engine.once("/books/_alias", () -> Optional.of(DENIED));
        alias.doubt("books_pgsync_g1");

        assertThatThrownBy(() -> alias.current().block(PATIENCE)).hasMessageContaining("status 403");
        assertThat(alias.current().block(PATIENCE)).isEqualTo("books_pgsync_g1_1");
    }

    private static void awaitAll(CountDownLatch all) {
        try {
            all.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
