package io.pgsync.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.elasticsearch.KeyField.State;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyFieldTest {
    private static final String LONG_KEYWORD = "{'type':'text','fields':{'keyword':{'type':'keyword'}}}";
    private static final String KEYWORD = "{'type':'text','fields':{'keyword':{'type':'keyword','ignore_above':256}}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "FOUND | {'properties':{'_meta':{'properties':{'b':{'properties':{'id':{'type':'keyword'}}}}}}}",
                "FOUND | {'properties':{'_meta':{'properties':{'b':{'properties':{'id':{'type':'long'}}}}}}}",
                "FOUND | {'properties':{'_meta':{'properties':{'b':{'properties':{'id':LONG}}}}}}",
                "FOUND | {'properties':{'_meta':{'properties':{'b':{'properties':{'id':{'type':'keyword','index':false}}}}}}}",
                "FOUND | {'properties':{'_meta':{'properties':{'b.id':{'type':'keyword'}}}}}",
                "FOUND | {'properties':{'_meta.b.id':{'type':'keyword'}}}",
                "FOUND | {'properties':{'_meta':{'type':'flattened'}}}",
                "FOUND | {'dynamic':'runtime','runtime':{'_meta.b.id':{'type':'keyword'}}}",
                "NEW | {}",
                "NEW | {'dynamic':'strict'}",
                "NEW | {'dynamic':'false','properties':{'_meta':{'dynamic':'true','type':'object'}}}",
                "UNSEEN | {'dynamic':'false'}",
                "UNSEEN | {'dynamic':'false','properties':{'_meta':{'properties':{'other':{'type':'keyword'}}}}}",
                "UNSEEN | {'properties':{'_meta':{'dynamic':false,'type':'object'}}}",
                "SHORTENED | {'properties':{'_meta':{'properties':{'b':{'properties':{'id':SHORT}}}}}}",
                "SHORTENED | {'properties':{'_meta':{'properties':{'b':{'properties':{'id':{'type':'keyword','ignore_above':9}}}}}}}",
                "CLOSED | {'enabled':false}",
                "CLOSED | {'properties':{'_meta':{'type':'object','enabled':false}}}",
                "CLOSED | {'properties':{'_meta':{'type':'nested'}}}",
                "CLOSED | {'properties':{'_meta':{'properties':{'b':{'properties':{'id':{'type':'text'}}}}}}}",
                "CLOSED | {'properties':{'_meta':{'properties':{'b':{'properties':{'id':{'type':'keyword','index':false,'doc_values':false}}}}}}}",
                "CLOSED | {'properties':{'_meta':{'type':'keyword'}}}"
            })
    void whetherAKeyIsFoundFollowsFromTheMapping(State state, String mappings) {
        assertThat(KeyField.of(json(mappings), "_meta.b.id").state()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"SHORT | _meta.b.id.keyword", "{'type':'keyword','ignore_above':256} | _meta.b.id"})
    void aFieldThatLeavesLongValuesOutKeepsAllElse(String field, String exactPath) {
        JsonNode mappings =
                json("{'properties':{'_meta':{'properties':{'b':{'properties':{'id':%s}}}}}}".formatted(field));

        KeyField found = KeyField.of(mappings, "_meta.b.id");

        assertThat(found.mapping())
                .isEqualTo(json(field.replace("SHORT", KEYWORD).replace("256", "8191")));
        assertThat(found.exactPath()).isEqualTo(exactPath);
    }

    private static JsonNode json(String text) {
        return Trees.json(
                text.replace("SHORT", KEYWORD).replace("LONG", LONG_KEYWORD).replace('\'', '"'));
    }
}
