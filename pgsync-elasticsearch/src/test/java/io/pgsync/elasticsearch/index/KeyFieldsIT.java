package io.pgsync.elasticsearch.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.elasticsearch.Engine;
import io.pgsync.elasticsearch.EngineKind;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Indexes that others made: what {@code _meta} holds must be found in them, or nothing be written.
 */
class KeyFieldsIT {
    private static final String SHORT = "{\"properties\":{\"_meta\":{\"properties\":{\"book\":{\"properties\":{\"id\":"
            + "{\"type\":\"text\",\"fields\":{\"keyword\":{\"type\":\"keyword\",\"ignore_above\":256}}}}}}}}}";

    @AutoClose
    private final Engine engine = Engine.shared();

    private final KeyedIndex index = new KeyedIndex(engine);

    @ParameterizedTest
    @MethodSource
    void anEmptyIndexIsMadeToFindEveryKey(String mappings) {
        index.create(mappings);
        String key = "k".repeat(300);

        index.write(index.claim(), key);

        assertThat(index.found(key)).containsExactly(key);
    }

    static Stream<Arguments> anEmptyIndexIsMadeToFindEveryKey() {
        return Engine.rows("""
                every | {}
                every | {"dynamic":false}
                every | {"dynamic":"strict","properties":{"_meta":{"type":"object"}}}
                every | %s
                Elasticsearch | {"dynamic":"runtime"}
                Elasticsearch | {"properties":{"_meta":{"type":"flattened"}}}
                """.formatted(SHORT));
    }

    @Test
    void anIndexWhoseDocumentsAreUnseenIsNotFollowedAndLoadedAgain() {
        index.create("{\"dynamic\":false}");
        index.document("1");

        index.assertThatItIsFollowedOnlyAfterALoad("1");
    }

    @Test
    void aKeyThatWasLeftOutForItsLengthIsNoticedAndLoadedAgain() {
        String key = "k".repeat(300);
        index.create(SHORT);
        index.document("short");
        index.document(key);

        index.assertThatItIsFollowedOnlyAfterALoad(key);
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
    @MethodSource
    void anIndexThatCannotBeChangedIsRefused(String mappings) {
        index.create(mappings);

        assertThatThrownBy(index::claim)
                .isInstanceOfSatisfying(DivergenceException.class, KeyedIndex::isUnsearchable)
                .hasMessageContaining("does not index _meta.book.id");
        assertThat(index.examined()).isEqualTo(Severity.PROBLEM);
    }

    static Stream<Arguments> anIndexThatCannotBeChangedIsRefused() {
        return Engine.rows("""
                every | {"properties":{"_meta":{"type":"object","enabled":false}}}
                every | {"properties":{"_meta":{"type":"nested"}}}
                Elasticsearch | {"properties":{"_meta":{"type":"flattened","index":false}}}
                """);
    }
}
