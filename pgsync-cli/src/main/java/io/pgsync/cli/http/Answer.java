package io.pgsync.cli.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pgsync.cli.config.VariableNames;

/** The response to a request. */
record Answer(int status, String type, String body) {
    static final int OK = 200;
    static final int BAD_REQUEST = 400;
    static final int NOT_FOUND = 404;
    static final int FAILED = 500;
    static final int UNAVAILABLE = 503;
    static final int TIMEOUT = 504;

    static Answer json(int status, JsonNode body) {
        return new Answer(status, "application/json", body + "\n");
    }

    static Answer refusal(int status, String reason) {
        return json(status, JsonNodeFactory.instance.objectNode().put("error", VariableNames.addedTo(reason)));
    }
}
