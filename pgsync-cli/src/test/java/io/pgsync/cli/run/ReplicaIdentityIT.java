package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.OldRow;
import io.pgsync.core.change.RowChange.RowUpdated;
import io.pgsync.replication.stream.ReplicationStream;
import io.pgsync.replication.stream.StreamSettings;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Bootstrap can have the log carry the old ends of links; documents are right whichever way it is. */
class ReplicaIdentityIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String IDENTITIES =
            "SELECT relname || ' ' || relreplident::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
                    + " ORDER BY relname";

    private static final String LINKED_READERS =
            "DELETE FROM review WHERE reader_id IS NULL; ALTER TABLE review ALTER reader_id SET NOT NULL";

    @TempDir
    private Path directory;

    private Shop shop;
    private Commands sync;

    @BeforeEach
    void openTheShop() throws Exception {
        shop = Shop.open(directory);
        sync = shop.sync(Map.of());
    }

    @AfterEach
    void closeTheShop() throws Exception {
        shop.close();
    }

    @Test
    void keepsWhatTheTablesHave() throws Exception {
        sync.bootstrap(ReplicaIdentityMode.KEEP);

        assertThat(shop.list(IDENTITIES)).allMatch(line -> line.endsWith(" d"));
    }

    @Test
    void fullPutsTheWholeOldRowIntoTheLog() throws Exception {
        sync.bootstrap(ReplicaIdentityMode.FULL);

        assertThat(shop.list(IDENTITIES)).hasSize(6).allMatch(line -> line.endsWith(" f"));
        shop.execute("UPDATE book SET publisher_id = NULL WHERE id = 2");
        assertThat(oldValue("book", "publisher_id")).isNotEmpty();
    }

    @Test
    void anIndexPutsTheOldEndsOfLinksIntoTheLog() throws Exception {
        shop.execute(LINKED_READERS);
        String before = shop.list("SELECT book_id FROM review WHERE id = 1").get(0);

        sync.bootstrap(ReplicaIdentityMode.INDEX);

        // Its link to the publisher may be null; the others have no links but their keys.
        assertThat(shop.list(IDENTITIES))
                .contains("review i", "book d", "author d", "book_author d", "publisher d", "reader d");
        shop.execute("UPDATE review SET book_id = 9 WHERE id = 1");
        assertThat(oldValue("review", "book_id")).contains(before);
        assertThat(oldValue("review", "verdict")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void documentsAreRightAndARepetitionChangesNothing(ReplicaIdentityMode mode) throws Exception {
        shop.execute(LINKED_READERS);
        sync.bootstrap(mode);
        sync.catchUp(Mono.never());
        var identities = shop.list(IDENTITIES);

        sync.bootstrap(mode);
        shop.execute("UPDATE review SET book_id = 9 WHERE id = 1; UPDATE book SET publisher_id = NULL WHERE id = 3;"
                + " UPDATE book_author SET author_id = 6 WHERE book_id = 7");
        sync.catchUp(Mono.never());

        assertThat(shop.list(IDENTITIES)).isEqualTo(identities);
        assertThat(shop.differences()).isEmpty();
    }

    /** Of the next update of a table that the slot gives. */
    private Optional<String> oldValue(String table, String column) throws Exception {
        var connections = shop.connections();
        String slot = shop.list("SELECT slot_name FROM pg_replication_slots WHERE database = current_database()")
                .get(0);
        Optional<String> value = Flux.usingWhen(
                        ReplicationStream.open(connections, new StreamSettings(slot, slot)),
                        stream -> stream.changes()
                                .concatMap(event -> Mono.justOrEmpty(oldValue(event, table, column)))
                                .take(1),
                        ReplicationStream::close)
                .blockFirst(PATIENCE);
        connections.close().block();
        return value;
    }

    private static Optional<Optional<String>> oldValue(ChangeEvent event, String table, String column) {
        return event instanceof RowUpdated updated
                        && updated.relation().name().table().equals(table)
                ? Optional.of(updated.before().flatMap(old -> text(updated, old, column)))
                : Optional.empty();
    }

    private static Optional<String> text(RowUpdated updated, OldRow old, String column) {
        for (int i = 0; i < old.row().size(); i++) {
            if (updated.relation().columns().get(i).name().equals(column)
                    && old.row().value(i) instanceof ColumnValue.Text text) {
                return Optional.of(text.value());
            }
        }
        return Optional.empty();
    }
}
