package io.pgsync.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    private final ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", "key \u00dc \ud83d\ude00");

    @Test
    void isTheSameInEveryLocale() throws Exception {
        String line = JsonText.line(json);

        assertThat(line).isEqualTo("{\"id\":\"key \\u00DC \\uD83D\\uDE00\"}");
        assertThat(JsonMapper.builder().build().readTree(line)).isEqualTo(json);
    }

    @Test
    void onSeveralLinesItSaysTheSame() throws Exception {
        String pretty = JsonText.pretty(json);

        assertThat(pretty).contains("\n").matches("\\p{ASCII}*");
        assertThat(JsonMapper.builder().build().readTree(pretty)).isEqualTo(json);
    }
}
