package io.pgsync.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.elasticsearch.lookup.StoredForm;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeptFieldsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String DOCUMENT = "{'a': {'b': 1, 'c': {'d': 2}}, 'e': [{'f': 3, 'g': 4}, {'f': 5}], 'h': []}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a     |       | {'e':[{'f':3,'g':4},{'f':5}]}",
                "a.c   |       | {'a':{'b':1},'e':[{'f':3,'g':4},{'f':5}]}",
                "a.*   |       | {'e':[{'f':3,'g':4},{'f':5}]}",
                "*.d   |       | {'a':{'b':1},'e':[{'f':3,'g':4},{'f':5}]}",
                "e.f   |       | {'a':{'b':1,'c':{'d':2}},'e':[{'g':4}]}",
                "      | a     | {'a':{'b':1,'c':{'d':2}}}",
                "      | a.c.d | {'a':{'c':{'d':2}}}",
                "a.b   | a     | {'a':{'c':{'d':2}}}",
                "      | e.g   | {'e':[{'g':4}]}",
            })
    void onlyWhatTheIndexKeepsIsLeft(String excludes, String includes, String left) throws JsonProcessingException {
        var kept = new KeptFields(new StoredForm(Optional.empty(), paths(includes), paths(excludes)));

        assertThat(kept.of(JSON.readTree(DOCUMENT.replace('\'', '"'))).toString())
                .isEqualTo(left.replace('\'', '"'));
    }

    private static List<String> paths(String path) {
        return path == null ? List.of() : List.of(path);
    }

    @Test
    void elementsThatAreNotIncludedAreNotKeptEither() throws JsonProcessingException {
        var kept = new KeptFields(new StoredForm(Optional.empty(), List.of("a"), List.of()));

        assertThat(kept.of(JSON.readTree("{\"a\":[1],\"i\":[\"x\",[\"y\"]]}")).toString())
                .isEqualTo("{\"a\":[1]}");
    }

    @Test
    void whereOnlyOurOwnKeysAreLeftOutEmptyFieldsStay() throws JsonProcessingException {
        var kept = new KeptFields(new StoredForm(Optional.empty(), List.of(), List.of("_meta._unlinked")));

        assertThat(kept.of(JSON.readTree("{\"a\":[],\"_meta\":{\"t\":{},\"_unlinked\":{\"x\":[1]}}}"))
                        .toString())
                .isEqualTo("{\"a\":[],\"_meta\":{\"t\":{}}}");
    }

    @Test
    void aWholeDocumentStaysAsItIs() throws JsonProcessingException {
        String document = DOCUMENT.replace('\'', '"').replace(" ", "");

        assertThat(new KeptFields(StoredForm.WHOLE).of(JSON.readTree(document)).toString())
                .isEqualTo(document);
    }
}
