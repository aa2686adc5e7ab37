package io.pgsync.elasticsearch.lookup;

import static io.pgsync.elasticsearch.StubbedConnection.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.StubEngine;
import io.pgsync.elasticsearch.StubbedConnection;
import io.pgsync.elasticsearch.Trees;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredCopiesTest {
    private static final int ATTEMPTS = 4;

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    private final StubEngine engine = stubbed.engine();
    private final StoredCopies copies = new StoredCopies(stubbed.connection(), Trees.books("books", "id"));

    @Test
    void whatIsStoredIsFoundByItsId() {
        engine.then(
                200,
                "{\"docs\":[{\"_id\":\"1\",\"found\":true,\"_source\":{\"v\":1}},{\"_id\":\"2\",\"found\":false}]}");

        assertThat(copies.find(List.of("1", "2"), true).block(PATIENCE)).containsOnlyKeys("1");
    }

    /** A gateway that answers in the engine's place must not make a whole index look empty. */
    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"docs\":{}}"})
    void anAnswerWithoutDocumentsIsNoIndexWithoutDocuments(String answer) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            engine.then(200, answer);
        }

        assertThatThrownBy(() -> copies.find(List.of("1"), true).block(PATIENCE))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("index \"books\" lacks the documents");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"status\":\"up\"}"})
    void anAnswerWithoutMappingsIsNoIndexWithoutMappings(String answer) {
        engine.then(200, answer);

        assertThatThrownBy(() -> copies.form().block(PATIENCE))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("index \"books\" lacks its mappings");
    }
}
