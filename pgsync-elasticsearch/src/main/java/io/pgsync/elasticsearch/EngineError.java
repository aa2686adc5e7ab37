package io.pgsync.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Serializable;

/** The engine's own description of a refused request. */
public record EngineError(int status, String type, String reason) implements Serializable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Strangers answer in HTML, and the engines in plain text to a wrong login: then the answer is quoted. */
    public static EngineError of(Answer answer) {
        if (answer.isForeign()) {
            return new EngineError(answer.status(), "not from the engine", answer.described());
        }
        try {
            JsonNode error = JSON.readTree(answer.body()).path("error");
            return new EngineError(
                    answer.status(),
                    error.path("type").asText("unknown"),
                    error.isTextual() ? error.asText() : error.path("reason").asText("no reason given"));
        } catch (IOException e) {
            return new EngineError(answer.status(), answer.contentType(), answer.quoted());
        }
    }

    @Override
    public String toString() {
        return type + ": " + reason;
    }
}
