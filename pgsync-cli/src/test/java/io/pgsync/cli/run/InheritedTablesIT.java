package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Sinks;

/** Rows of a table that inherits from one of a document are rows of the document, wherever in the tree and at whatever depth. */
class InheritedTablesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HEIRS = """
            CREATE TABLE rare_book (signed_by text, PRIMARY KEY (id)) INHERITS (book);
            CREATE TABLE long_review (pages int, PRIMARY KEY (id)) INHERITS (review);
            CREATE TABLE longest_review (PRIMARY KEY (id)) INHERITS (long_review);
            INSERT INTO rare_book (id, title, price, publisher_id) VALUES (901, 'Folio', 900, 1);
            INSERT INTO long_review (id, book_id, stars) VALUES (901, 1, 5), (902, 901, 4);""";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(names = {"KEEP", "FULL"})
    void changesOfHeirsReachTheDocuments(ReplicaIdentityMode identities) throws Exception {
        try (var shop = Shop.open(directory)) {
            shop.execute(HEIRS);
            var sync = shop.sync(Map.of());
            sync.bootstrap(identities);
            sync.bootstrap(identities);
            Sinks.Empty<Void> stop = Sinks.empty();
            var daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
            awaitRight(shop);
            assertThat(shop.document("901")).contains("Folio", "\"stars\":4");

            change(shop, "INSERT INTO rare_book (id, title, price) VALUES (903, 'Quarto', 1), (904, 'Octavo', 2)");
            change(shop, "UPDATE rare_book SET title = 'First folio', publisher_id = 2 WHERE id = 901");
            change(shop, "UPDATE book SET price = price * 2 WHERE id IN (1, 903)");
            change(shop, "INSERT INTO longest_review (id, book_id, stars) VALUES (905, 903, 1), (906, 1, 2)");
            change(shop, "UPDATE long_review SET book_id = 903 WHERE id = 901");
            change(shop, "UPDATE longest_review SET stars = 3, book_id = 2 WHERE id = 906");
            change(shop, "DELETE FROM longest_review WHERE id = 905; DELETE FROM rare_book WHERE id = 904");
            change(shop, "TRUNCATE long_review");
            assertThat(daemon).isNotDone();
            stop.tryEmitEmpty();
            assertThat(daemon.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
        }
    }

    @Test
    void aNewHeirStopsTheDocumentsUntilItIsPublished() throws Exception {
        try (var shop = Shop.open(directory)) {
            var sync = shop.sync(Map.of());
            sync.bootstrap();
            Sinks.Empty<Void> stop = Sinks.empty();
            var daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
            awaitRight(shop);

            shop.execute(HEIRS);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(daemon)
                            .failsWithin(Duration.ZERO)
                            .withThrowableThat()
                            .withMessageContaining("public.long_review"));
            sync.bootstrap();
            sync.catchUp(Sinks.<Void>empty().asMono());
            assertThat(shop.differences()).isEmpty();
        }
    }

    private static void change(Shop shop, String sql) throws Exception {
        shop.execute(sql);
        awaitRight(shop);
    }

    private static void awaitRight(Shop shop) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.differences()).isEmpty());
    }
}
