package io.pgsync.elasticsearch.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.StubEngine;
import io.pgsync.elasticsearch.StubEngine.Reply;
import io.pgsync.elasticsearch.StubbedConnection;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What happens between two requests of a take-over or a renewal. */
class GenerationsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String FIRST = Generations.alias("books", 1);
    private static final String SECOND = Generations.alias("books", 2);
    private static final String MARK = "books_pgsync_draining";

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    private final StubEngine engine = stubbed.engine();
    private final ElasticsearchConnection connection = stubbed.connection();
    private final Generations generations = new Generations(connection);

    @Test
    void aProxyThatFindsNothingDoesNotMakeOurBlockSomebodyElses() {
        engine.aliases().set(FIRST, MARK);
        engine.aliases().setBlocked(true);
        engine.once("/books/_alias", () -> Optional.of(Reply.foreign(404, "text/html", "<html>no backend</html>")));

        generations.takeOver("books", 2).block(PATIENCE);

        assertThat(engine.aliases().isBlocked()).isFalse();
        assertThat(engine.aliases().names()).containsExactly(SECOND);
    }

    @Test
    void aBlockThatEndsBeforeItsMarkIsLookedForIsNobodyElses() {
        engine.aliases().set(FIRST, MARK);
        engine.aliases().setBlocked(true);
        engine.once("/books/_alias", () -> {
            engine.aliases().setBlocked(false);
            engine.aliases().set(FIRST);
            return Optional.empty();
        });

        generations.takeOver("books", 2).block(PATIENCE);

        assertThat(engine.aliases().isBlocked()).isFalse();
        assertThat(engine.aliases().names()).containsExactly(SECOND);
    }

    /** It saw this mark when it began, and took it for one that was left behind. */
    @Test
    void aMarkThatAnotherTakeOverRemovedIsMissedByNobody() {
        engine.once("/books/_block/write", () -> {
            engine.aliases().set(SECOND);
            return Optional.empty();
        });

        generations.takeOver("books", 2).block(PATIENCE);

        assertThat(engine.aliases().isBlocked()).isFalse();
        assertThat(engine.aliases().names()).containsExactly(SECOND);
    }

    /** It may still set its block and die. */
    @Test
    void theMarkOfATakeOverThatBeganLaterStays() {
        engine.once("/books/_block/write", () -> {
            engine.aliases().set(SECOND, MARK + "_later");
            return Optional.empty();
        });

        generations.takeOver("books", 2).block(PATIENCE);

        assertThat(engine.aliases().names()).containsExactlyInAnyOrder(SECOND, MARK + "_later");
    }

    @Test
    void aBlockWithoutAMarkStays() {
        engine.aliases().setBlocked(true);

        generations.takeOver("books", 2).block(PATIENCE);

        assertThat(engine.aliases().isBlocked()).isTrue();
        assertThat(engine.aliases().names()).containsExactly(SECOND);
    }

    @Test
    void aWriterDoesNotRenewItsAliasBesideThatOfANewerGeneration() {
        String renewed = Generations.alias("books", 1, 1);
        engine.aliases().set(renewed, SECOND);

        assertThatThrownBy(() -> generations.renew("books", FIRST, renewed).block(PATIENCE))
                .isInstanceOf(StateConflictException.class);

        assertThat(engine.aliases().names()).containsExactlyInAnyOrder(renewed, SECOND);
    }

    /** Its first answer was lost, and it is sent again to set the mark. */
    @Test
    void aRenewalThatArrivesAfterATakeOverChangesNothing() {
        engine.aliases().set(Generations.alias("books", 1, 1));
        engine.once("/_aliases", this::isTakenOver);

        assertThatThrownBy(() -> generations
                        .renew("books", FIRST, Generations.alias("books", 1, 1))
                        .block(PATIENCE))
                .isInstanceOf(StateConflictException.class);

        assertThat(engine.aliases().names()).containsExactly(SECOND);
    }

    @Test
    void aTakeOverThatArrivesAfterANewerOneChangesNothing() {
        engine.once("/_aliases", this::isTakenOver);

        assertThatThrownBy(() -> generations.takeOver("books", 1).block(PATIENCE))
                .isInstanceOf(StateConflictException.class);

        assertThat(engine.aliases().names()).containsExactly(SECOND);
    }

    private Optional<Reply> isTakenOver() {
        engine.aliases().set(SECOND);
        return Optional.empty();
    }
}
