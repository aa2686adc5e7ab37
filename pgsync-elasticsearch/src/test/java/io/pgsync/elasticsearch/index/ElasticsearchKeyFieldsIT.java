package io.pgsync.elasticsearch.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.elasticsearch.Engine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same as {@link KeyFieldsIT}, with mappings and settings that only Elasticsearch has. */
class ElasticsearchKeyFieldsIT {
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
    @ValueSource(strings = {"{\"dynamic\":\"runtime\"}", "{\"properties\":{\"_meta\":{\"type\":\"flattened\"}}}"})
    void anEmptyIndexIsMadeToFindEveryKey(String mappings) {
        index.create(mappings);
        String key = "k".repeat(300);

        index.write(index.claim(), key);

        assertThat(index.found(key)).containsExactly(key);
    }

    /** The engine does not note which values a flattened field leaves out. */
    @Test
    void anIndexThatMayHaveLeftKeysOutUnnotedIsNotFollowedAndLoadedAgain() {
        index.make("""
                {"settings": {"index.mapping.ignore_above": 9},
                 "mappings": {"properties": {"_meta": {"type": "flattened"}}}}""");
        index.document("longer than 9");

        assertThatThrownBy(index::claim)
                .isInstanceOfSatisfying(DivergenceException.class, KeyedIndex::isUnsearchable)
                .hasMessageContaining("could not be found by _meta.book.id");
        assertThat(index.reasonToLoad()).isPresent();
        assertThat(index.examined()).isEqualTo(Severity.WARNING);

        index.mapKeys();
        index.write(index.claim(), "longer than 9");
        assertThat(index.found("longer than 9")).containsExactly("longer than 9");
    }

    @Test
    void aKeyThatWasLeftOutByASettingOfTheIndexIsNoticed() {
        index.make("""
                {"settings": {"index.mapping.ignore_above": 9},
                 "mappings": {"properties": {"_meta": {"properties": {"book": {"properties": {"id": {"type": "keyword"}}}}}}}}""");
        index.document("short");
        assertThat(index.reasonToLoad()).isEmpty();

        index.document("longer than 9");

        assertThat(index.reasonToLoad()).isPresent();
        assertThat(index.examined()).isEqualTo(Severity.WARNING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"properties\":{\"_meta\":{\"type\":\"flattened\",\"index\":false}}}"})
    void anIndexThatCannotBeChangedIsRefused(String mappings) {
        index.create(mappings);

        assertThatThrownBy(index::claim)
                .isInstanceOfSatisfying(DivergenceException.class, KeyedIndex::isUnsearchable)
                .hasMessageContaining("does not index _meta.book.id");
        assertThat(index.examined()).isEqualTo(Severity.PROBLEM);
    }
}
