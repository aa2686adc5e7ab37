package io.pgsync.elasticsearch.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.elasticsearch.Trees;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CreationSettingsTest {
    @Test
    void moreFieldsThanTheEngineAllowsRaiseItsLimit() {
        ObjectNode settings = CreationSettings.of(object("{}"), fields(1_001));

        assertThat(settings.path("mapping.total_fields.limit").intValue()).isEqualTo(2_001);
    }

    @Test
    void theLimitStaysWhereTheFieldsFit() {
        assertThat(CreationSettings.of(object("{'number_of_shards': 2}"), fields(1_000)))
                .isEqualTo(object("{'number_of_shards': 2, 'gc_deletes': '10m'}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'gc_deletes': '1h', 'mapping.total_fields.limit': 5}",
                "{'gc_deletes': '1h', 'mapping': {'total_fields': {'limit': 5}}}",
                "{'gc_deletes': '1h', 'mapping': {'total_fields.limit': 5}}",
                "{'index.gc_deletes': '1h', 'index.mapping.total_fields.limit': 5}",
                "{'index': {'gc_deletes': '1h', 'mapping.total_fields': {'limit': 5}}}"
            })
    void whatTheUserChoseStays(String settings) {
        assertThat(CreationSettings.of(object(settings), fields(1_001))).isEqualTo(object(settings));
    }

    private static ObjectNode fields(int count) {
        ObjectNode mappings = JsonNodeFactory.instance.objectNode();
        ObjectNode properties = mappings.putObject("properties");
        for (int i = 0; i < count; i++) {
            properties.putObject("f" + i).put("type", "long");
        }
        return mappings;
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) Trees.json(json.replace('\'', '"'));
    }
}
