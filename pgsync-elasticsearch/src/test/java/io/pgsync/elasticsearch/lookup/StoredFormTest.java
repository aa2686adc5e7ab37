package io.pgsync.elasticsearch.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.elasticsearch.Trees;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredFormTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                 | {}                                    |      | ",
                "{}                                 | {'index.default_pipeline': 'p'}       |      | pipeline \"p\"",
                "{}                                 | {'index.final_pipeline': 'q'}         |      | pipeline \"q\"",
                "{}                                 | {'index.default_pipeline': '_none'}   |      | ",
                "{}                                 | {}                                    | own  | pipeline \"own\"",
                "{'_source': {'enabled': false}}    | {}                                    |      | does not keep",
                "{'_source': {'mode': 'disabled'}}  | {}                                    |      | does not keep",
                "{'_source': {'mode': 'synthetic'}} | {}                                    |      | synthetic",
                "{}                                 | {'index.mapping.source.mode': 'synthetic'} | | synthetic",
                "{'_source': {'mode': 'stored'}}    | {}                                    |      | ",
            })
    void tellsWhyTheContentIsNotWhatWasSent(String mappings, String settings, String pipeline, String why) {
        StoredForm form = StoredForm.of(json(mappings), json(settings), Optional.ofNullable(pipeline));

        if (why == null) {
            assertThat(form.otherwise()).isEmpty();
        } else {
            assertThat(form.otherwise().orElseThrow()).contains(why);
        }
    }

    @Test
    void whatIsLeftOutOfTheSourceIsKnown() {
        StoredForm form = StoredForm.of(
                json(
                        "{'_source': {'includes': 'a.*', 'excludes': ['b', 'c']}, 'properties': {'v': {'type':"
                                + " 'dense_vector'}, 'o': {'properties': {'w': {'type': 'knn_vector'}, 't': {'type': 'text'}}}}}"),
                json("{}"),
                Optional.empty());

        assertThat(form.includes()).containsExactly("a.*");
        assertThat(form.excludes()).containsExactly("b", "c", "v", "o.w");
        assertThat(form.isRewritten()).isTrue();
    }

    @Test
    void whatIsKeptWholeIsNotRewritten() {
        assertThat(StoredForm.of(json("{'properties': {'t': {'type': 'text'}}}"), json("{}"), Optional.empty()))
                .isEqualTo(StoredForm.WHOLE);
        assertThat(StoredForm.WHOLE.isRewritten()).isFalse();
    }

    private static JsonNode json(String text) {
        return Trees.json(text.replace('\'', '"'));
    }
}
