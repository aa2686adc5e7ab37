package io.pgsync.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class JsonLinesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void anEventIsOneObjectOnOneLineWithItsFieldsBesideTheMessage() throws Exception {
        var logger = new LoggerContext().getLogger("io.pgsync.Sync");
        var event = new LoggingEvent("here", logger, Level.INFO, "two\nlines of {}", null, new Object[] {"text"});
        event.setKeyValuePairs(List.of(new KeyValuePair("position", "0/1"), new KeyValuePair("lag_bytes", 12L)));

        String line = new String(new JsonLines(false).encode(event), StandardCharsets.UTF_8);

        assertThat(line).endsWith("\n").hasLineCount(1);
        JsonNode json = JSON.readTree(line);
        assertThat(json.get("level").asText()).isEqualTo("INFO");
        assertThat(json.get("logger").asText()).isEqualTo("io.pgsync.Sync");
        assertThat(json.get("message").asText()).isEqualTo("two\nlines of text");
        assertThat(json.get("position").asText()).isEqualTo("0/1");
        assertThat(json.get("lag_bytes").asLong()).isEqualTo(12);
        assertThat(json.has("failure")).isFalse();
    }
}
