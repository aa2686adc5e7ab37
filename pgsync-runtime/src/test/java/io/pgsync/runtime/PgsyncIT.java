package io.pgsync.runtime;

import static io.pgsync.runtime.Library.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.document.DocumentPlugin;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.config.BackfillOrder;
import io.pgsync.runtime.report.BackfillOutcome;
import io.pgsync.runtime.report.DatabaseStatus;
import io.pgsync.runtime.report.DocumentStatus.Stage;
import io.pgsync.runtime.report.ExplainedDocument;
import io.pgsync.runtime.report.FollowedMeters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The front door as a program uses it: no environment, no terminal, no exit codes. */
class PgsyncIT {
    @TempDir
    private Path directory;

    private Library library;

    @BeforeEach
    void openTheLibrary() {
        library = new Library(directory);
    }

    @AfterEach
    void closeTheLibrary() {
        library.close();
    }

    @Test
    void aStartedRunShowsOwnWritesAndEndsWhenItIsClosed() throws Exception {
        Pgsync pgsync = library.pgsync();
        pgsync.bootstrap().block(PATIENCE);

        try (RunningPgsync running = pgsync.start()) {
            library.execute("INSERT INTO book VALUES (2, 'second')");
            running.awaitReadable(library.position()).block(PATIENCE);

            assertThat(library.found(1).path("title").asText()).isEqualTo("first");
            assertThat(library.found(2).path("title").asText()).isEqualTo("second");
            assertThat(running.failure()).isEmpty();
            var registry = new SimpleMeterRegistry();
            running.databases().forEach(database -> new FollowedMeters(database).bindTo(registry));
            assertThat(registry.get("pgsync.documents")
                            .tag("outcome", "stored")
                            .functionCounter()
                            .count())
                    .isGreaterThanOrEqualTo(2);
        }
        assertThat(library.isFollowed()).isFalse();
    }

    @Test
    void cancellingStoresAndConfirmsWhatIsUnderWay() {
        Pgsync pgsync = library.pgsync();
        pgsync.bootstrap().block(PATIENCE);
        var following = pgsync.follow().subscribe();
        await().atMost(PATIENCE).until(library::isFollowed);

        Lsn inTheChange =
                Lsn.parse(library.ask("UPDATE book SET title = 'last' RETURNING pg_current_wal_insert_lsn()::text"));
        // At once: half a second later it would be confirmed without an end.
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() ->
                        assertThat(library.found(1).path("title").asText()).isEqualTo("last"));
        following.dispose();

        // The slot is released first: what the last status update did not say is made up for behind that.
        await().atMost(PATIENCE).until(() -> !library.isFollowed());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(library.confirmed()).isGreaterThan(inTheChange));
    }

    @Test
    void whatEndsARunIsAFailureWithARemedy() {
        RunningPgsync running = library.pgsync().start();

        await().atMost(PATIENCE).until(() -> running.failure().isPresent());
        assertThat(running.failure().get().remedy()).isEqualTo(Remedy.STOP);
        assertThat(running.failure().get()).hasMessageContaining("Nothing is known of index");
        assertThatThrownBy(() -> running.awaitReadable(library.position()).block(PATIENCE))
                .isInstanceOf(SyncException.class);
        assertThatThrownBy(running::close)
                .isInstanceOf(SyncException.class)
                .isNotSameAs(running.failure().get());
    }

    @Test
    void anIndexThatIsSetAsideIsNotWaitedFor() {
        Pgsync pgsync = library.pgsync();
        pgsync.bootstrap().block(PATIENCE);

        try (RunningPgsync running = pgsync.start()) {
            running.awaitReadable(library.position()).block(PATIENCE);
            library.execute("ALTER TABLE book DROP COLUMN title");
            library.execute("INSERT INTO book VALUES (2)");

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(() ->
                                    running.awaitReadable(library.position()).block(PATIENCE))
                            .isInstanceOf(SyncException.class));
        } catch (SyncException ended) {
            assertThat(ended).hasMessageContaining("title");
        }
    }

    /** Who does not wait any more must not leave a slot behind that nobody reads. */
    @Test
    void aBootstrapThatNobodyWaitsForGoesToItsEnd() {
        assertThatThrownBy(() -> library.pgsync().bootstrap().block(Duration.ofMillis(50)))
                .isInstanceOf(IllegalStateException.class);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                library.pgsync().status(Duration.ofMillis(1)).block(PATIENCE))
                        .flatExtracting(DatabaseStatus::documents)
                        .allSatisfy(document -> assertThat(document.stage()).isEqualTo(Stage.STOPPED)));
    }

    @Test
    void pluginsAndVariablesAreThoseOfTheCaller() throws Exception {
        Pgsync pgsync = Pgsync.of(library.config(", \"plugins\": [\"Loud\"], \"routing\": \"$FIELD\"")
                .plugins(new Loud())
                .variables(Map.of("FIELD", "id"))
                .build());

        pgsync.bootstrap().block(PATIENCE);
        pgsync.catchUp().block(PATIENCE);

        assertThat(pgsync.explain("1").map(ExplainedDocument::stored).blockFirst(PATIENCE))
                .hasValueSatisfying(
                        stored -> assertThat(stored.path("title").asText()).isEqualTo("FIRST"));
    }

    private static final class Loud implements DocumentPlugin {
        @Override
        public String name() {
            return "Loud";
        }

        @Override
        public Optional<ObjectNode> transform(Draft draft) {
            String title = draft.document().path("title").asText();
            return Optional.of(draft.document().put("title", title.toUpperCase(Locale.ROOT)));
        }
    }

    @Test
    void tellsHowItStandsAndLoadsAgain() throws Exception {
        Pgsync pgsync = library.pgsync();
        pgsync.bootstrap().block(PATIENCE);
        pgsync.catchUp().block(PATIENCE);

        assertThat(pgsync.status(Duration.ofMillis(100)).block(PATIENCE))
                .flatExtracting(DatabaseStatus::documents)
                .singleElement()
                .satisfies(document -> assertThat(document.stage()).isEqualTo(Stage.STOPPED));
        assertThat(pgsync.doctor().block(PATIENCE).places().keySet())
                .anyMatch(place -> place.startsWith("PostgreSQL"))
                .contains("Search engine");
        assertThat(pgsync.explain().blockFirst(PATIENCE).statement()).contains("book");
        library.execute("UPDATE book SET title = 'loaded'");
        assertThat(pgsync.backfill(BackfillOrder.of(library.index())).block(PATIENCE))
                .isEqualTo(BackfillOutcome.LOADED);
        assertThat(library.found(1).path("title").asText()).isEqualTo("loaded");
    }

    @Test
    void nothingConnectsBeforeASubscription() {
        Pgsync pgsync = library.pgsync();

        pgsync.bootstrap();
        pgsync.follow();
        pgsync.tearDown();

        assertThat(library.ask("SELECT count(*)::text FROM pg_replication_slots WHERE database = current_database()"))
                .isEqualTo("0");
    }
}
