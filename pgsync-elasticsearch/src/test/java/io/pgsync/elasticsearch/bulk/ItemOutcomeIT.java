package io.pgsync.elasticsearch.bulk;

import static io.pgsync.elasticsearch.Engine.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import io.pgsync.elasticsearch.Engine;
import io.pgsync.elasticsearch.EngineError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemOutcomeIT {
    private final Engine engine = Engine.shared();

    @AfterEach
    void close() {
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":{\"type\":\"double\"}}",
                "{\"text\":{\"properties\":{\"x\":{\"type\":\"long\"}}}}",
                "{\"text\":{\"type\":\"nested\"}}",
                "{\"object\":{\"type\":\"long\"}}",
                "{\"object\":{\"type\":\"nested\"}}"
            })
    void aFieldThatIsThereAlreadyOfAnotherKindIsContested(String properties) {
        String mapping = "/" + engine.createIndex() + "/_mapping";
        engine.send("PUT", mapping, "{\"properties\":{\"text\":{\"type\":\"text\"},\"object\":{\"type\":\"object\"}}}");
        var request = new Request("PUT", mapping);
        request.setJsonEntity("{\"properties\":" + properties + "}");

        EngineError error = EngineError.of(engine.connection().send(request).block(PATIENCE));

        assertThat(ItemOutcome.of(new BulkAnswer.Item(error.status(), error.type(), error.reason())))
                .isEqualTo(ItemOutcome.CONTESTED);
    }
}
