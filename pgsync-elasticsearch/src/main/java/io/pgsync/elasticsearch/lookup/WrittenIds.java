package io.pgsync.elasticsearch.lookup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/**
 * Leads through all documents of an index in the order of their last writes, by the numbers that the engine gives to
 * writes. A document keeps its number until somebody writes it, so a walk may pause for days, over restarts of all
 * processes, while no search stays open. Documents that are written meanwhile come later, or were written behind the
 * end of the walk.
 */
public final class WrittenIds {
    private static final String NUMBER = "_seq_no";
    /** The limit of the engines, and so of documents with the same number. */
    private static final int MOST_SHARDS = 1_024;

    private static final long WIDEST = 1L << 40;

    private final IndexScan scan;
    private final String index;
    /** Of the range of numbers that is searched: without an end, each search would look at all later documents. */
    private final AtomicLong width = new AtomicLong(1);

    /** The documents of {@code index}. */
    public WrittenIds(ElasticsearchConnection connection, String index) {
        this.scan = new IndexScan(connection);
        this.index = index;
    }

    /**
     * Ids of some documents.
     *
     * @param next the number from which the next page goes on
     */
    public record Page(List<String> ids, long next) {}

    /** The greatest number of any document, as of the last refresh; -1 if there is none. */
    public Mono<Long> last() {
        return hits(request(1, "desc")).map(hits -> hits.isEmpty() ? -1L : number(hits.get(0)));
    }

    /**
     * About {@code size} documents with numbers from {@code from} to {@code to}, as of the last refresh. Shards number
     * their writes separately, so a document at the edge of two pages may be in both. There are no more if {@code next}
     * is behind {@code to}.
     */
    public Mono<Page> page(long from, long to, int size) {
        return Mono.defer(() -> {
            long end = Math.min(to, from + Math.max(width.get(), size) - 1);
            return hits(range(from, end, size))
                    .flatMap(hits -> hits.size() < size ? whole(hits, end, to, size) : part(hits, from));
        });
    }

    /** Of a range that is exhausted. Where writes are sparse, the next range is wider. */
    private Mono<Page> whole(List<JsonNode> hits, long end, long to, int size) {
        width.set(Math.min(WIDEST, 2 * Math.max(width.get(), size)));
        return hits.isEmpty() && end < to ? page(end + 1, to, size) : Mono.just(new Page(ids(hits), end + 1));
    }

    private Mono<Page> part(List<JsonNode> hits, long from) {
        width.set(Math.max(1, width.get() / 2));
        long last = number(hits.get(hits.size() - 1));
        return last > from
                ? Mono.just(new Page(ids(hits), last))
                : hits(range(from, from, MOST_SHARDS)).map(all -> new Page(ids(all), from + 1));
    }

    private static List<String> ids(List<JsonNode> hits) {
        return hits.stream().map(hit -> hit.required("_id").asText()).toList();
    }

    private static ObjectNode range(long from, long to, int size) {
        ObjectNode body = request(size, "asc");
        body.putObject("query")
                .putObject("range")
                .putObject(NUMBER)
                .put("gte", from)
                .put("lte", to);
        return body;
    }

    private static ObjectNode request(int size, String order) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("size", size);
        // An index without any mapping does not know the field.
        body.putArray("sort").addObject().putObject(NUMBER).put("order", order).put("unmapped_type", "long");
        return body.put("_source", false).put("track_total_hits", false);
    }

    private Mono<List<JsonNode>> hits(ObjectNode body) {
        return scan.search(index, Paths.index(index) + "/_search", body).map(IndexScan::hits);
    }

    private static long number(JsonNode hit) {
        return hit.required("sort").required(0).asLong();
    }
}
