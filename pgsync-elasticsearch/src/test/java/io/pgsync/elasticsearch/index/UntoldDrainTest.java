package io.pgsync.elasticsearch.index;

import static io.pgsync.elasticsearch.StubbedConnection.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.StubEngine;
import io.pgsync.elasticsearch.StubEngine.Reply;
import io.pgsync.elasticsearch.StubbedConnection;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** OpenSearch does not tell of a block that was there already whether older writes are over. */
class UntoldDrainTest {
    private static final String FIRST = Generations.alias("books", 1);
    private static final String SECOND = Generations.alias("books", 2);
    private static final String MARK = "books_pgsync_draining";
    private static final Reply UNTOLD =
            Reply.openSearch(200, "{\"acknowledged\":true,\"shards_acknowledged\":false,\"indices\":[]}");

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    private final StubEngine engine = stubbed.engine();
    private final Generations generations = new Generations(stubbed.connection());

    @BeforeEach
    void beOpenSearch() {
        engine.beOpenSearch();
        engine.aliases().beSilentAboutOldBlocks();
    }

    @Test
    void theBlockOfADeadProcessIsSetAnewSoThatItsEndIsTold() {
        engine.aliases().set(FIRST, MARK);
        engine.aliases().setBlocked(true);

        generations.takeOver("books", 2).block(PATIENCE);

        assertThat(engine.aliases().isBlocked()).isFalse();
        assertThat(engine.aliases().names()).containsExactly(SECOND);
    }

    @Test
    void aUsersBlockIsNotLiftedAndItsEndIsWaitedFor() {
        engine.aliases().setBlocked(true);

        assertThatThrownBy(() -> generations.takeOver("books", 2).block(PATIENCE))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.RETRY))
                .hasMessageContainingAll(
                        "Somebody blocked writes to index \"books\"",
                        "PUT /books/_settings {\"index.blocks.write\": null}");
        assertThat(engine.aliases().isBlocked()).isTrue();

        engine.aliases().setBlocked(false);
        generations.takeOver("books", 2).block(PATIENCE);
        assertThat(engine.aliases().names()).containsExactly(SECOND);
    }

    /** Older writes may be under way, so that nothing may be written yet. */
    @Test
    void aBlockThatNotAllShardsHaveIsAskedForAgain() {
        engine.once("/books/_block/write", () -> Optional.of(UNTOLD));

        generations.takeOver("books", 2).block(PATIENCE);

        assertThat(engine.aliases().isBlocked()).isFalse();
    }

    @Test
    void whereItIsNeverToldTheTakeOverIsTriedAgain() {
        engine.always("/books/_block/write", UNTOLD);

        assertThatThrownBy(() -> generations.takeOver("books", 2).block(PATIENCE))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.RETRY))
                .hasMessageContaining("did not tell whether older writes to index \"books\" are still under way");
        assertThat(engine.aliases().isBlocked()).isFalse();
    }
}
