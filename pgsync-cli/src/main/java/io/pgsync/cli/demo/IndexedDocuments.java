package io.pgsync.cli.demo;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The documents as any client of the search engine reads them: {@code GET books/_doc/id}. All methods block. */
final class IndexedDocuments {
    private static final Duration PAUSE = Duration.ofNanos(300_000);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    /** 14.9 and 14.90 are the same price. */
    private static final Comparator<JsonNode> BY_VALUE =
            (a, b) -> a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) : a.equals(b) ? 0 : 1;

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI index;

    IndexedDocuments(URI elasticsearch) {
        this.index = elasticsearch.resolve("/" + Bookshop.INDEX + "/");
    }

    /** Where people may look at a document. */
    URI address(int id) {
        return index.resolve("_doc/" + id);
    }

    /** The document without its {@code _meta}; empty if there is none. */
    Optional<ObjectNode> find(int id) {
        JsonNode source = get("_doc/" + id).path("_source");
        return source instanceof ObjectNode document
                ? Optional.of(document.without(List.of("_meta")))
                : Optional.empty();
    }

    /** How many documents a search finds after a refresh. */
    long count() {
        get("_refresh");
        return get("_count").path("count").asLong(-1);
    }

    /**
     * Reads the given documents again and again until each is as expected.
     *
     * @return the ids of those that were still different at the end of the patience
     */
    List<Integer> awaitEqual(List<Integer> ids, Map<Integer, ObjectNode> expected, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        List<Integer> waiting = ids;
        while (!waiting.isEmpty() && System.nanoTime() < deadline) {
            waiting = waiting.stream().filter(id -> !isEqual(id, expected)).toList();
            if (!waiting.isEmpty()) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        return waiting;
    }

    private boolean isEqual(int id, Map<Integer, ObjectNode> expected) {
        Optional<ObjectNode> wanted = Optional.ofNullable(expected.get(id));
        Optional<ObjectNode> found = find(id);
        return wanted.isPresent() == found.isPresent()
                && found.stream().allMatch(document -> document.equals(BY_VALUE, wanted.orElseThrow()));
    }

    private JsonNode get(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(index.resolve(path)).build();
            return JSON.readTree(client.send(request, HttpResponse.BodyHandlers.ofByteArray())
                    .body());
        } catch (IOException e) {
            throw new UncheckedIOException("The search engine does not answer at " + index + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while reading " + index + path, e);
        }
    }
}
