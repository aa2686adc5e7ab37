package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.config.BackfillOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** A run that would miss changes ends, and names the command that repairs the index. */
class GapIT {
    @TempDir
    private Path directory;

    private Shop shop;
    private Commands sync;

    @BeforeEach
    void openTheShop() throws Exception {
        shop = Shop.open(directory);
        sync = shop.sync(Map.of());
        sync.bootstrap();
    }

    @AfterEach
    void closeTheShop() throws Exception {
        shop.close();
    }

    @ParameterizedTest
    @EnumSource
    void theCommandThatTheMessageNamesRepairsTheGap(Gap gap) throws Exception {
        sync.catchUp(Mono.never());
        shop.execute("DELETE FROM book_author WHERE book_id = 1; DELETE FROM review WHERE book_id = 1;"
                + " DELETE FROM book WHERE id = 1; UPDATE book SET title = 'Unseen' WHERE id = 2");
        gap.make(shop);

        ThrowingCallable run = () -> sync.catchUp(Mono.never());

        assertThatThrownBy(run)
                .isInstanceOfSatisfying(
                        SyncException.class,
                        failure -> assertThat(failure.remedy()).isEqualTo(Remedy.REPAIR))
                .hasMessageContaining(shop.index())
                .hasMessageMatching("(?s).*(may be missing|are missing|may be out of date).*")
                .hasMessageEndingWith(
                        "\nRepair it with: pgsync backfill -c " + shop.schemaFile() + " --document " + shop.index());
        assertThat(backfill()).isEqualTo(ExitCode.OK);
        assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);
        assertThat(shop.differences()).isEmpty();
    }

    /** Somebody brings documents into the index with greater versions than any of ours. */
    @Test
    void documentsThatOutrankTheSourceAreAGapThatABackfillCloses() throws Exception {
        sync.catchUp(Mono.never());
        long version = (1L << 62) + (900L << 36);
        shop.request(
                "PUT",
                "/" + shop.index() + "/_doc/1?version_type=external&version=" + version,
                "{\"title\": \"theirs\"}");
        shop.execute("UPDATE book SET title = 'Ours' WHERE id = 1");

        assertThatThrownBy(() -> sync.catchUp(Mono.never())).hasMessageContaining("\"1\" has version " + version);
        assertThatThrownBy(() -> sync.catchUp(Mono.never())).hasMessageContaining("\"1\" has version " + version);

        assertThat(backfill()).isEqualTo(ExitCode.OK);
        assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);
        assertThat(shop.differences()).isEmpty();
    }

    private ExitCode backfill() {
        return sync.backfill(new BackfillOrder(List.of(shop.index()), Optional.empty()), Mono.never());
    }
}
