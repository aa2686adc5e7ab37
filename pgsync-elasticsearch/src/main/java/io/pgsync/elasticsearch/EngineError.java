package io.pgsync.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** The engine's own words for a refused request. */
record EngineError(int status, String type, String reason) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Proxies answer in HTML, and a 413 has no body at all: then the status has to do. */
    static EngineError of(Answer answer) {
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

    @Override
    public String toString() {
        return type + ": " + reason;
    }
}
