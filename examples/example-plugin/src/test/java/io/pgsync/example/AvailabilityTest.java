package io.pgsync.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.document.DocumentPlugin.Draft;
import io.pgsync.core.document.Plugins;
import io.pgsync.core.schema.SchemaReader;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvailabilityTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '=',
            quoteCharacter = '`',
            value = {
                "{\"stock\":3} = {\"stock\":3,\"available\":true}",
                "{\"stock\":0} = {\"stock\":0,\"available\":false}",
                "{} = {\"available\":false}"
            })
    void whatIsInStockIsAvailable(String product, String expected) throws JsonProcessingException {
        assertThat(transformed(product)).map(ObjectNode::toString).contains(expected);
    }

    @Test
    void aHiddenProductLeavesTheIndex() throws JsonProcessingException {
        assertThat(transformed("{\"stock\":3,\"hidden\":true}")).isEmpty();
    }

    @Test
    void pgsyncFindsThePluginByItsName() {
        var schema = SchemaReader.read(
                "schema.json",
                "[{\"database\":\"shop\",\"plugins\":[\"Availability\"],\"nodes\":{\"table\":\"product\"}}]"
                        .getBytes(UTF_8),
                Map.of());

        try (Plugins found = Plugins.find(Optional.empty())) {
            assertThatCode(() -> found.check(schema)).doesNotThrowAnyException();
        }
    }

    private static Optional<ObjectNode> transformed(String product) throws JsonProcessingException {
        var document = (ObjectNode) JsonMapper.builder().build().readTree(product);
        return new Availability().transform(new Draft("products", "7", document));
    }
}
