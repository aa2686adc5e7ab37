package io.pgsync.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Response;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** The answer to a raw request, whatever its status: the low-level client turns only some statuses into exceptions. */
public final class Answer {
    /** About the request itself: it calls for smaller requests, whether a proxy or the engine says it. */
    public static final int TOO_LARGE = 413;

    private static final byte[] EMPTY = {};
    private static final int QUOTED = 100;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int status;
    private final byte[] body;
    private final String contentType;
    private final boolean foreign;
    private final boolean marked;

    private Answer(int status, byte[] body, String contentType, boolean foreign, boolean marked) {
        this.status = status;
        this.body = body;
        this.contentType = contentType;
        this.foreign = foreign;
        this.marked = marked;
    }

    /** {@code kind} of the engine that was asked; empty while it is not known. */
    static Answer of(Response response, Optional<EngineKind> kind) {
        try {
            // The client buffered the body; a 413 has none.
            byte[] read = response.getEntity() == null ? EMPTY : EntityUtils.toByteArray(response.getEntity());
            byte[] body = read == null ? EMPTY : read;
            var signature = new Signature(response, body);
            boolean foreign = kind.map(Set::of).orElse(Set.of(EngineKind.values())).stream()
                    .noneMatch(one -> one.gave(signature));
            String contentType = response.getHeader("Content-Type");
            return new Answer(
                    response.getStatusCode(),
                    body,
                    contentType == null ? "no content type" : contentType,
                    foreign,
                    signature.hasElasticMark());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Not copied; do not modify. Empty if there is none. */
    public byte[] body() {
        return body;
    }

    /** The body, parsed at each call. Fails with {@link UncheckedIOException} if it is not JSON. */
    public JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Whether the status is 2xx; items of a bulk request may have failed nevertheless. */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** Whether the same request may get another answer later. */
    public boolean isPassing() {
        return EngineFailures.isPassing(status);
    }

    /**
     * Whether something else answered in place of the engine, a proxy for instance. Such a stranger knows nothing of
     * documents, indexes and rights, so it cannot refuse any of them: it can only delay.
     */
    public boolean isForeign() {
        return foreign;
    }

    boolean hasElasticMark() {
        return marked;
    }

    /** Whether to act on the answer: a stranger's counts only if it asks to wait, or to send less at once. */
    boolean counts() {
        return !isForeign() || status == TOO_LARGE || isPassing();
    }

    /** A description that helps the operator to see who answered. */
    String described() {
        return "status %d, %s, %s".formatted(status, contentType, quoted());
    }

    String contentType() {
        return contentType;
    }

    /** The beginning of the text, in quotation marks. */
    String quoted() {
        String text = text().replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ").strip();
        String quoted = text.length() > QUOTED ? text.substring(0, QUOTED) + "..." : text;
        return text.isEmpty() ? "no body" : '"' + quoted + '"';
    }
}
