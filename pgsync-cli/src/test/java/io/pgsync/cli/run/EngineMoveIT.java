package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.embedded.elasticsearch.ElasticsearchServer;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.elasticsearch.EngineFamily;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A move from one search engine to another: both are followed from the same database for a while, with the same schema
 * file, each with a slot of its own.
 */
class EngineMoveIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void bothEnginesAreRightUntilTheOldOneIsLeft(@TempDir Path directory) throws Exception {
        try (ElasticsearchServer other = otherFamily().builder().start();
                Shop shop = Shop.open(directory)) {
            URI next = other.url();
            Commands here = shop.sync(Map.of());
            Commands there =
                    shop.sync(Map.of("ELASTICSEARCH_URL", next.toString(), "PGSYNC_SLOT", shop.slot() + "_next"));
            var leave = Sinks.<Void>empty();
            var stop = Sinks.<Void>empty();
            here.bootstrap();
            CompletableFuture<ExitCode> old = follow(here, leave.asMono());
            there.bootstrap();
            CompletableFuture<ExitCode> young = follow(there, stop.asMono());

            shop.execute("UPDATE author SET name = 'Seen on both' WHERE id = 1; DELETE FROM review WHERE id = 2;"
                    + " INSERT INTO book VALUES (13, 'On both shelves', '2026-11-01', 17.50, 2)");
            awaitRight(shop, shop.address("/"), next);

            leave.tryEmitEmpty();
            assertThat(old.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
            here.tearDown();
            shop.execute("UPDATE publisher SET city = 'Seen on one' WHERE id = 1; DELETE FROM book WHERE id = 11");
            awaitRight(shop, next);

            stop.tryEmitEmpty();
            assertThat(young.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
            there.tearDown();
        }
    }

    private static EngineFamily otherFamily() {
        return Stream.of(EngineFamily.values())
                .filter(family -> family != ElasticsearchServers.sharedFamily())
                .findFirst()
                .orElseThrow();
    }

    private static void awaitRight(Shop shop, URI... engines) {
        for (URI engine : engines) {
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(shop.differences(shop.index(), engine)).isEmpty());
        }
    }

    private static CompletableFuture<ExitCode> follow(Commands commands, Mono<Void> stop) {
        return CompletableFuture.supplyAsync(() -> commands.follow(stop), OwnThread.EACH);
    }
}
