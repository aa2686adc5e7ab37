package io.pgsync.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** The engine's own description of a refused request. */
public record EngineError(int status, String type, String reason) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Strangers answer in HTML, and a 413 has no body: then the status and the other parts of the answer are used. */
    public static EngineError of(Answer answer) {
        if (answer.isForeign()) {
            return new EngineError(answer.status(), "not from Elasticsearch", answer.described());
        }
        try {
            JsonNode error = JSON.readTree(answer.body()).path("error");
            return new EngineError(
                    answer.status(),
                    error.path("type").asText("unknown"),
                    error.isTextual() ? error.asText() : error.path("reason").asText("no reason given"));
        } catch (IOException e) {
            return new EngineError(answer.status(), "unknown", "no reason given");
        }
    }

    /**
     * Whether a body is an error in the engine's form, which has a type and a reason and repeats the status. No other
     * software known to us writes its own errors in this form.
     */
    static boolean isWrittenIn(byte[] body, int status) {
        try {
            JsonNode json = JSON.readTree(body);
            JsonNode error = json.path("error");
            return json.path("status").asInt() == status
                    && error.path("type").isTextual()
                    && error.has("reason")
                    && error.path("root_cause").isArray();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return type + ": " + reason;
    }
}
