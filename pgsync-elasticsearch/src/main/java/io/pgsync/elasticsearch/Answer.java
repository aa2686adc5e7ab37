package io.pgsync.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Response;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** What came back for a raw request, whatever its status: the low-level client turns only some statuses into exceptions. */
final class Answer {
    private static final byte[] EMPTY = {};
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int status;
    private final byte[] body;

    Answer(int status, byte[] body) {
        this.status = status;
        this.body = body;
    }

    static Answer of(Response response) {
        try {
            // The body was buffered by the client; a 413 has none.
            byte[] body = response.getEntity() == null ? EMPTY : EntityUtils.toByteArray(response.getEntity());
            return new Answer(response.getStatusCode(), body == null ? EMPTY : body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int status() {
        return status;
    }

    byte[] body() {
        return body;
    }

    JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }
}
