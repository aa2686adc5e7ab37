package io.pgsync.core.mapping;

import static io.pgsync.core.tree.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Trees;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexMappingsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String TEXT =
            "{'type': 'text', 'fields': {'keyword': {'type': 'keyword', 'ignore_above': 256}}}";
    private static final TableDefinition PAR = table("par", "id int4 pk, note text");
    private static final TableDefinition QQ = table("qq", "id int4 pk, k text, par_id int4 -> par.id");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int8 | {'type': 'long'}",
                "_int4 | {'type': 'long'}",
                "numeric | {'type': 'double', 'ignore_malformed': true}",
                "float4 | {'type': 'double', 'ignore_malformed': true}",
                "bool | {'type': 'boolean'}",
                "timestamptz | {'type': 'date', 'ignore_malformed': true}",
                "_date | {'type': 'date', 'ignore_malformed': true}",
                "uuid | TEXT",
                "_text | TEXT",
                "mood | TEXT",
                "int4range | TEXT",
                "money | TEXT",
                "hstore | {'type': 'object'}",
                "jsonb |",
                "_jsonb |",
                "address |",
                "_address |",
                "geometry |"
            })
    void aColumnsTypeDecidesItsField(String type, String mapping) {
        DocumentTree tree = Trees.nodes("{'table': 't', 'columns': ['c']}", table("t", "id int4 pk, c " + type));

        JsonNode field =
                IndexMappings.of(tree, MappingMode.TYPES).path("properties").path("c");

        assertThat(field).isEqualTo(mapping == null ? json("{}").path("c") : json(mapping.replace("TEXT", TEXT)));
    }

    @Test
    void besideAMappingFieldsOfNodesThatNobodyCanAnalyzeAreLeftToTheirColumns() {
        String document = """
                'setting': {'analysis': {'analyzer': {'mine': {}}}}, %s 'nodes': {'table': 'par', 'transform': {'mapping': {
                    'note': {'type': 'text', 'fields': {
                        'a': {'type': 'text', 'analyzer': 'nobodys'}, 'b': {'type': 'text', 'analyzer': 'mine'},
                        'c': {'type': 'text', 'search_analyzer': 'english'}, 'd': {'type': 'keyword', 'normalizer': 'lost'}}}}}}""";

        JsonNode beside =
                IndexMappings.of(Trees.document(document.formatted("'mapping': {},"), PAR), MappingMode.TYPES);
        JsonNode alone = IndexMappings.of(Trees.document(document.formatted(""), PAR), MappingMode.TYPES);

        assertThat(beside.at("/properties/note/fields").fieldNames())
                .toIterable()
                .containsExactly("b", "c");
        assertThat(alone.at("/properties/note/fields").size()).isEqualTo(4);
    }

    @Test
    void keysOfLinksThatMayLeadNowhereAreIndexedButNotShown() {
        String nodes =
                "{'table': 'par', 'children': [{'table': 'tag', 'relationship': {'type': 'one_to_many', 'variant': 'object',"
                        + " 'through_tables': ['via']}}]}";
        TableDefinition tag = table("tag", "id int4 pk");
        TableDefinition loose = table("via", "id int4 pk, par_id int4 -> par.id, tag_id int4 -> tag.id");
        TableDefinition tight = table("via", "par_id int4 pk -> par.id, tag_id int4 pk -> tag.id");

        assertThat(IndexMappings.of(Trees.nodes(nodes, PAR, tag, loose), MappingMode.TYPES)
                        .path("_source"))
                .isEqualTo(json("{'excludes': ['_meta._unlinked']}"));
        assertThat(KeyColumn.of(Trees.nodes(nodes, PAR, tag, loose)))
                .filteredOn(key -> key.entry().equals("_unlinked"))
                .extracting(KeyColumn::path, key -> key.type().baseName())
                .containsExactly(tuple("_meta._unlinked.via id", "int4"));
        assertThat(IndexMappings.of(Trees.nodes(nodes, PAR, tag, tight), MappingMode.TYPES)
                        .has("_source"))
                .isFalse();
    }

    @Test
    void whereKeysAreHiddenNumbersMayLoseTheirDigits() {
        String nodes =
                "{'table': 'par', 'children': [{'table': 'tag', 'relationship': {'type': 'one_to_many', 'variant': 'object',"
                        + " 'through_tables': ['via']}}]}";
        TableDefinition par = table("par", "id int4 pk, price numeric, score float8, extra jsonb");
        TableDefinition tag = table("tag", "id int4 pk, rates _numeric");
        TableDefinition loose = table("via", "id int4 pk, par_id int4 -> par.id, tag_id int4 -> tag.id");
        TableDefinition tight = table("via", "par_id int4 pk -> par.id, tag_id int4 pk -> tag.id");

        assertThat(RewrittenNumbers.of(Trees.nodes(nodes, par, tag, loose)))
                .containsExactly("price of public.par", "extra of public.par", "rates of public.tag");
        assertThat(RewrittenNumbers.of(Trees.nodes(nodes, par, tag, tight))).isEmpty();
    }

    @Test
    void fieldsAreMappedUnderTheirFinishedNames() {
        DocumentTree tree = Trees.nodes("""
                {'table': 'par', 'transform': {'rename': {'id': 'key', 'kind': 'sort'},
                    'concat': [{'columns': ['id'], 'destination': 'joined'}]},
                 'children': [
                   {'table': 'qq', 'label': 'kind', 'columns': ['k'], 'relationship': {'type': 'one_to_many', 'variant': 'scalar'}},
                   {'table': 'qq', 'columns': ['id'], 'relationship': {'type': 'one_to_many', 'variant': 'object'},
                    'transform': {'move': {'column': 'id', 'destination': '$root.ids.qq'}}}]}
                """, PAR, QQ);

        assertThat(IndexMappings.of(tree, MappingMode.TYPES).path("properties"))
                .isEqualTo(json("""
                        {'key': {'type': 'long'}, 'note': TEXT, 'joined': TEXT, 'sort': TEXT, 'qq': {'properties': {}},
                         'ids': {'properties': {'qq': {'type': 'long'}}},
                         '_meta': {'type': 'object', 'dynamic': true, 'properties': {
                            'par': {'properties': {'id': {'type': 'keyword'}}},
                            'qq': {'properties': {'id': {'type': 'keyword'}}}}}}
                        """.replace("TEXT", TEXT)));
    }

    @Test
    void nodeMappingsStandUnderTheLabels() {
        DocumentTree tree = Trees.document("""
                'routing': 'id', 'nodes': {'table': 'par', 'transform': {'mapping': {'id': {'type': 'long', 'index': false}}},
                  'children': [{'table': 'qq', 'columns': ['k'], 'relationship': {'type': 'one_to_many', 'variant': 'object'},
                    'transform': {'mapping': {'k': {'type': 'keyword', 'ignore_above': 5}}}}]}
                """, PAR, QQ);

        JsonNode mappings = IndexMappings.of(tree, MappingMode.DYNAMIC);

        assertThat(mappings.path("_routing")).isEqualTo(json("{'required': true}"));
        ObjectNode fields = mappings.path("properties").deepCopy();
        fields.remove("_meta");
        assertThat(fields).isEqualTo(json("""
                        {'qq': {'properties': {'k': {'type': 'keyword', 'ignore_above': 5}}},
                         'id': {'type': 'long', 'index': false}}
                        """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}",
                "{'dynamic': false}",
                "{'dynamic': 'strict'}",
                "{'enabled': false}",
                "{'properties': {'_meta': {'enabled': false}}}"
            })
    void keysAreMappedInEveryModeWhateverTheUserWantsMapped(String given) {
        DocumentTree tree = Trees.document("'mappings': %s, 'nodes': {'table': 'par'}".formatted(given), PAR);

        for (MappingMode mode : MappingMode.values()) {
            JsonNode mappings = IndexMappings.of(tree, mode);

            assertThat(mappings.has("enabled")).isFalse();
            assertThat(mappings.at("/properties/_meta"))
                    .isEqualTo(
                            json(
                                    "{'type': 'object', 'dynamic': true, 'properties': {'par': {'properties': {'id': {'type': 'keyword'}}}}}"));
            assertThat(mappings.at("/dynamic_templates/0").has("pgsync_meta")).isTrue();
        }
    }

    @Test
    void whatTheUserGaveIsMergedAndFilledUp() {
        DocumentTree tree = Trees.document("""
                'mappings': {'date_detection': true, 'properties': {'note': {'type': 'text', 'analyzer': 'x'}}},
                'mapping': {'qq': {'type': 'nested'}, 'note': {'type': 'wildcard'}},
                'nodes': {'table': 'par', 'transform': {'mapping': {'id': {'type': 'integer'}}}, 'children': [
                    {'table': 'qq', 'columns': ['k'], 'relationship': {'type': 'one_to_many', 'variant': 'object'}}]}
                """, PAR, QQ);

        JsonNode mappings = IndexMappings.of(tree, MappingMode.TYPES);

        assertThat(mappings.path("date_detection").asBoolean(false)).isTrue();
        assertThat(mappings.path("properties").path("id")).isEqualTo(json("{'type': 'integer'}"));
        assertThat(mappings.path("properties").path("note")).isEqualTo(json("{'type': 'wildcard'}"));
        assertThat(mappings.path("properties").path("qq"))
                .isEqualTo(json("{'type': 'nested', 'properties': {'k': TEXT}}".replace("TEXT", TEXT)));
    }

    @Test
    void anObjectClosedByTheUserStaysClosedAndKeysAreMappedAllTheSame() {
        DocumentTree tree = Trees.document("'mappings': {'dynamic': false}, 'nodes': {'table': 'par'}", PAR);

        JsonNode properties = IndexMappings.of(tree, MappingMode.TYPES).path("properties");

        assertThat(properties.propertyStream().map(Map.Entry::getKey)).containsExactly("_meta");
    }

    @Test
    void aMappingWithTemplatesIsAWholeBodyBehindTheTemplateForKeys() {
        DocumentTree tree = Trees.document(
                "'mapping': {'dynamic_templates': [{'mine': {}}], 'properties': {'id': {'type': 'short'}}}, 'nodes': {'table': 'par'}",
                PAR);

        JsonNode mappings = IndexMappings.of(tree, MappingMode.TYPES);

        assertThat(mappings.path("dynamic_templates").path(1).has("mine")).isTrue();
        assertThat(mappings.path("dynamic_templates").path(0).has("pgsync_meta"))
                .isTrue();
        assertThat(mappings.path("properties").path("id")).isEqualTo(json("{'type': 'short'}"));
    }

    @Test
    void valuesInsideOfJsonColumnsAreNoDatesAndTheirNumbersOfOneType() {
        DocumentTree tree = Trees.document("'nodes': {'table': 'par'}", PAR);

        JsonNode mappings = IndexMappings.of(tree, MappingMode.TYPES);

        assertThat(mappings.path("date_detection").asBoolean(true)).isFalse();
        assertThat(mappings.path("dynamic_templates").findValuesAsText("match_mapping_type"))
                .containsExactly("long", "double");
        assertThat(mappings.path("dynamic_templates").findValues("mapping"))
                .endsWith(json("{'type': 'double', 'ignore_malformed': true}"));
    }

    @Test
    void objectsAndSubFieldsCountAsFields() {
        assertThat(IndexMappings.fieldCount(
                        json("{'properties': {'a': TEXT, 'o': {'properties': {'b': {'type': 'long'}}}}}"
                                .replace("TEXT", TEXT))))
                .isEqualTo(4);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
