package io.pgsync.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Response;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * The signs in an answer that show who gave it. Proxies, ingresses and login pages on the way sometimes answer in place
 * of the engine, with its status codes. {@link EngineKind} decides which signs are those of an engine.
 */
final class Signature {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Response response;
    private final int status;
    private final byte[] body;

    Signature(Response response, byte[] body) {
        this.response = response;
        this.status = response.getStatusCode();
        this.body = body;
    }

    /** Elasticsearch 8 and 9 set this mark in every answer except a 413; some proxies remove it. */
    boolean hasElasticMark() {
        return header("X-Elastic-Product").equals("Elasticsearch");
    }

    /** OpenSearch 3 sets this mark in its answers, version 2 does not. */
    boolean hasOpenSearchMark() {
        return !header("X-OpenSearch-Version").isEmpty()
                || header("WWW-Authenticate").contains("OpenSearch Security");
    }

    /**
     * Whether the body is an error in the form that the engines share, which has a type and a reason and repeats the
     * status. No other software known to us writes its own errors in this form.
     */
    boolean hasEngineError() {
        if (status < 400) {
            return false; // Most answers: their bodies are long, and are parsed later anyway.
        }
        JsonNode json = json();
        JsonNode error = json.path("error");
        return json.path("status").asInt() == status
                && error.path("type").isTextual()
                && error.has("reason")
                && error.path("root_cause").isArray();
    }

    /**
     * Whether the body has the form of four answers without a mark: to a request that was carried out, about a document
     * that is missing, to a request that the engine does not have, and to a media type that it does not read.
     */
    boolean hasEngineJson() {
        if (!header("Content-Type").startsWith("application/json")) {
            return false;
        }
        if (status >= 200 && status < 300) {
            // The body may be long, and is parsed later anyway.
            return body.length > 0 && (body[0] == '{' || body[0] == '[');
        }
        JsonNode json = json();
        String error = json.path("error").asText();
        return (status == 404 && json.has("_index"))
                || (status == 400 && error.startsWith("no handler found for uri ["))
                || (status == 406 && error.startsWith("Content-Type header ["));
    }

    private String header(String name) {
        String value = response.getHeader(name);
        return value == null ? "" : value;
    }

    private JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }
}
