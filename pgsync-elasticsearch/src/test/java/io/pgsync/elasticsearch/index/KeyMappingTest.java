package io.pgsync.elasticsearch.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.mapping.KeyColumn;
import io.pgsync.elasticsearch.EngineKind;
import io.pgsync.elasticsearch.Trees;
import io.pgsync.elasticsearch.index.KeyField.State;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyMappingTest {
    private static final String LONG_KEYWORD = "{'type':'text','fields':{'keyword':{'type':'keyword'}}}";
    private static final String KEYWORD = "{'type':'text','fields':{'keyword':{'type':'keyword','ignore_above':256}}}";
    private static final String LEAF = "{'properties':{'_meta':{'properties':{'b':{'properties':{'id':%s}}}}}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "FOUND | {'properties':{'_meta':{'properties':{'b.id':{'type':'keyword'}}}}}",
                "FOUND | {'properties':{'_meta.b.id':{'type':'keyword'}}}",
                "FOUND | {'properties':{'_meta':{'type':'flattened'}}}",
                "FOUND | {'properties':{'_meta':{'type':'flattened','depth_limit':2}}}",
                "FOUND | {'properties':{'_meta':{'properties':{'b':{'type':'flattened','depth_limit':1}}}}}",
                "FOUND | {'dynamic':'runtime','runtime':{'_meta.b.id':{'type':'keyword'}}}",
                "FOUND | {'runtime':{'_meta.b.id':{'type':'keyword'}},'_source':{'excludes':['_meta._unlinked']}}",
                "NEW | {}",
                "NEW | {'dynamic':'strict'}",
                "NEW | {'dynamic':'false','properties':{'_meta':{'dynamic':'true','type':'object'}}}",
                "NEW | {'properties':{'_meta':{'type':'flattened','depth_limit':1}}}",
                "UNSEEN | {'dynamic':'false'}",
                "UNSEEN | {'dynamic':'false_allow_templates'}",
                "UNSEEN | {'dynamic':'false','properties':{'_meta':{'properties':{'other':{'type':'keyword'}}}}}",
                "UNSEEN | {'properties':{'_meta':{'dynamic':false,'type':'object'}}}",
                "UNSEEN | {'properties':{'_meta':{'type':'flattened','ignore_above':256}}}",
                "CLOSED | {'enabled':false}",
                "CLOSED | {'properties':{'_meta':{'type':'object','enabled':false}}}",
                "CLOSED | {'properties':{'_meta':{'type':'nested'}}}",
                "CLOSED | {'properties':{'_meta':{'type':'keyword'}}}",
                "CLOSED | {'properties':{'_meta':{'type':'flattened','index':false}}}",
                "CLOSED | {'runtime':{'_meta.b.id':{'type':'long'}}}",
                "CLOSED | {'runtime':{'_meta.b.id':{'type':'keyword','script':{'source':'x'}}}}",
                "CLOSED | {'runtime':{'_meta.b.id':{'type':'keyword'}},'_source':{'enabled':false}}",
                "CLOSED | {'runtime':{'_meta.b.id':{'type':'keyword'}},'_source':{'excludes':['_meta.*']}}",
                "CLOSED | {'runtime':{'_meta.b.id':{'type':'keyword'}},'_source':{'includes':['title']}}"
            })
    void whetherAKeyIsFoundFollowsFromTheMapping(State state, String mappings) {
        assertThat(field("text", mappings, "{}").state()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "FOUND | text | {'type':'keyword'}",
                "FOUND | text | {'type':'keyword','index':false}",
                "FOUND | text | LONG",
                "FOUND | inet | {'type':'ip'}",
                "FOUND | int4 | {'type':'long'}",
                "FOUND | int4 | {'type':'double'}",
                "FOUND | numeric | {'type':'long'}",
                "FOUND | bool | {'type':'boolean'}",
                "SHORTENED | text | SHORT",
                "SHORTENED | text | {'type':'keyword','ignore_above':9}",
                "SHORTENED | int8 | {'type':'integer','ignore_malformed':true}",
                "CLOSED | text | {'type':'long'}",
                "CLOSED | text | {'type':'text'}",
                "CLOSED | text | {'type':'flattened'}",
                "CLOSED | text | {'type':'match_only_text'}",
                "CLOSED | text | {'type':'keyword','script':{'source':'x'}}",
                "CLOSED | text | {'type':'keyword','index':false,'doc_values':false}",
                "CLOSED | numeric | {'type':'integer'}"
            })
    void whetherAKeyIsFoundFollowsFromTheTypeOfTheColumnToo(State state, String column, String leaf) {
        assertThat(field(column, LEAF.formatted(leaf), "{}").state()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SHORTENED | {'type':'keyword'} | {'index.mapping.ignore_above':'9'}",
                "SHORTENED | LONG | {'index.mapping.ignore_above':'9'}",
                "FOUND | {'type':'keyword','ignore_above':8191} | {'index.mapping.ignore_above':'9'}",
                "SHORTENED | {'type':'date'} | {'index.mapping.ignore_malformed':'true'}",
                "FOUND | {'type':'date','ignore_malformed':false} | {'index.mapping.ignore_malformed':'true'}",
                "FOUND | {'type':'keyword'} | {'index.mapping.total_fields.ignore_dynamic_beyond_limit':'true'}"
            })
    void whatAFieldDoesNotSayTheIndexDoes(State state, String leaf, String settings) {
        assertThat(field("text", LEAF.formatted(leaf), settings).state()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "UNSEEN | {'properties':{'_meta':{'type':'flattened'}}} | {'index.mapping.ignore_above':'9'}",
                "FOUND | {'properties':{'_meta':{'type':'flattened','ignore_above':8191}}} | {'index.mapping.ignore_above':'9'}",
                "UNSEEN | {} | {'index.mapping.total_fields.ignore_dynamic_beyond_limit':'true'}"
            })
    void whatAnObjectDoesNotSayTheIndexDoes(State state, String mappings, String settings) {
        assertThat(field("text", mappings, settings).state()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"SHORT | _meta.b.id.keyword", "{'type':'keyword','ignore_above':256} | _meta.b.id"})
    void aFieldThatLeavesLongValuesOutKeepsAllElse(String leaf, String exactPath) {
        KeyField found = field("text", LEAF.formatted(leaf), "{}");

        assertThat(found.mapping())
                .isEqualTo(json(leaf.replace("SHORT", KEYWORD).replace("256", "8191")));
        assertThat(found.exactPath()).isEqualTo(exactPath);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'properties':{'_meta':FLAT}} | _meta",
                "{'properties':{'_meta':{'properties':{'b':FLAT}}}} | _meta.b"
            })
    void aFlattenedObjectKeepsAllButItsLimits(String mappings, String place) {
        String flat = "{'type':'flattened','depth_limit':1,'ignore_above':9,'eager_global_ordinals':true}";

        KeyField found = field("text", mappings.replace("FLAT", flat), "{}");

        assertThat(found.place()).isEqualTo(place);
        assertThat(found.mapping())
                .isEqualTo(json("{'type':'flattened','ignore_above':8191,'eager_global_ordinals':true}"));
    }

    /** There the setting of the index wins over that of the field. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CLOSED | {'type':'byte'} | true",
                "CLOSED | {'type':'ip','ignore_malformed':false} | true",
                "SHORTENED | {'type':'byte','ignore_malformed':true} | false",
                "FOUND | {'type':'byte'} | false",
                "FOUND | {'type':'keyword'} | true"
            })
    void anIndexOfOpenSearchThatIgnoresMalformedValuesHasNumbersAndAddressesInNoField(
            State state, String leaf, String ignores) {
        String settings = "{'index.mapping.ignore_malformed':'%s'}".formatted(ignores);

        assertThat(field(EngineKind.OPENSEARCH, "int8", LEAF.formatted(leaf), settings)
                        .state())
                .isEqualTo(state);
    }

    private static KeyField field(String column, String mappings, String settings) {
        return field(EngineKind.ELASTICSEARCH, column, mappings, settings);
    }

    private static KeyField field(EngineKind kind, String column, String mappings, String settings) {
        return new KeyMapping(kind, json(mappings), json(settings)).field(new KeyColumn("b", "id", Trees.type(column)));
    }

    private static JsonNode json(String text) {
        return Trees.json(
                text.replace("SHORT", KEYWORD).replace("LONG", LONG_KEYWORD).replace('\'', '"'));
    }
}
