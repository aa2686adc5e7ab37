package io.pgsync.elasticsearch.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.elasticsearch.Engine;
import io.pgsync.elasticsearch.EngineKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Indexes that others made, on every engine: what {@code _meta} holds must be found in them, or nothing be written. */
class KeyFieldsIT {
    private static final String SHORT = "{\"properties\":{\"_meta\":{\"properties\":{\"book\":{\"properties\":{\"id\":"
            + "{\"type\":\"text\",\"fields\":{\"keyword\":{\"type\":\"keyword\",\"ignore_above\":256}}}}}}}}}";

    private static Engine engine;

    private final KeyedIndex index = new KeyedIndex(engine);

    @BeforeAll
    static void start() {
        engine = Engine.shared();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"dynamic\":false}",
                "{\"dynamic\":\"strict\",\"properties\":{\"_meta\":{\"type\":\"object\"}}}",
                SHORT
            })
    void anEmptyIndexIsMadeToFindEveryKey(String mappings) {
        index.create(mappings);
        String key = "k".repeat(300);

        index.write(index.claim(), key);

        assertThat(index.found(key)).containsExactly(key);
    }

    @Test
    void anIndexWhoseDocumentsAreUnseenIsNotFollowedAndLoadedAgain() {
        index.create("{\"dynamic\":false}");
        index.document("1");

        assertThatThrownBy(index::claim)
                .isInstanceOfSatisfying(DivergenceException.class, KeyedIndex::isUnsearchable)
                .hasMessageContaining("could not be found by _meta.book.id");
        assertThat(index.reasonToLoad()).isPresent();
        assertThat(index.examined()).isEqualTo(Severity.WARNING);

        index.mapKeys();
        index.write(index.claim(), "1");
        assertThat(index.found("1")).containsExactly("1");
    }

    @Test
    void aKeyThatWasLeftOutForItsLengthIsNoticedAndLoadedAgain() {
        String key = "k".repeat(300);
        index.create(SHORT);
        index.document("short");
        index.document(key);

        assertThatThrownBy(index::claim)
                .isInstanceOfSatisfying(DivergenceException.class, KeyedIndex::isUnsearchable)
                .hasMessageContaining("could not be found by _meta.book.id");
        assertThat(index.reasonToLoad())
                .hasValueSatisfying(reason -> assertThat(reason).contains("_meta.book.id"));
        assertThat(index.examined()).isEqualTo(Severity.WARNING);

        index.mapKeys();
        index.write(index.claim(), key);
        assertThat(index.found(key)).containsExactly(key);
    }

    /** OpenSearch does not note which documents have a value that was left out, so that it may be any. */
    @Test
    void keysThatWereNotLeftOutAreLoadedAgainOnlyWhereTheEngineDoesNotTell() {
        index.create(SHORT);
        index.document("short");

        assertThat(index.reasonToLoad().isPresent())
                .isEqualTo(engine.connection().kind().block(Engine.PATIENCE) == EngineKind.OPENSEARCH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"properties\":{\"_meta\":{\"type\":\"object\",\"enabled\":false}}}",
                "{\"properties\":{\"_meta\":{\"type\":\"nested\"}}}"
            })
    void anIndexThatCannotBeChangedIsRefused(String mappings) {
        index.create(mappings);

        assertThatThrownBy(index::claim)
                .isInstanceOfSatisfying(DivergenceException.class, KeyedIndex::isUnsearchable)
                .hasMessageContaining("does not index _meta.book.id");
        assertThat(index.examined()).isEqualTo(Severity.PROBLEM);
    }
}
