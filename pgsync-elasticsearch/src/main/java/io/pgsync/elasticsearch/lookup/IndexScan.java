package io.pgsync.elasticsearch.lookup;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads the ids or versions of all documents that match a clause. A result of one page needs one request; a longer one
 * is read page by page from a point in time, at most one page ahead of demand. A page without an answer from every
 * shard is a failure.
 *
 * <p>The pages follow the order of Lucene's documents, which is an order within one shard only. OpenSearch adds nothing
 * that distinguishes documents of different shards: if a page ends between two documents with the same number, the
 * second is lost. So each shard is read separately, as a slice: with as many slices as shards, a slice is a shard on
 * every engine.
 */
public final class IndexScan {
    private static final Logger log = LoggerFactory.getLogger(IndexScan.class);
    private static final int PAGE = 1_000;
    /** The limit of the engines. */
    private static final int MOST_SLICES = 1_024;

    private final ElasticsearchConnection connection;

    public IndexScan(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    /** Where a page begins: {@code pit} changes from page to page, and the newest one must be used. */
    private record Start(String pit, int slice, Optional<JsonNode> after) {}

    private record Page(Start start, List<JsonNode> hits, int size) {
        boolean isLastOfSlice() {
            return hits.size() < size;
        }

        /** The start behind its last document; empty if this was the last page. */
        Optional<Start> next(int slices) {
            if (!isLastOfSlice()) {
                // All sort values, including those that an engine added.
                JsonNode end = hits.get(hits.size() - 1).required("sort");
                return Optional.of(new Start(start.pit(), start.slice(), Optional.of(end)));
            }
            int next = start.slice() + 1;
            return next < slices ? Optional.of(new Start(start.pit(), next, Optional.empty())) : Optional.empty();
        }
    }

    /** A search with several pages of {@code page} documents. */
    private record LongSearch(String index, SearchClause clause, int page, int shards) {
        ObjectNode request(Start start) {
            ObjectNode body = IndexScan.request(clause, page);
            body.putObject("pit").put("id", start.pit()).put("keep_alive", PointInTime.KEEP_ALIVE);
            body.putArray("sort").add("_doc");
            if (shards > 1) {
                body.putObject("slice").put("id", start.slice()).put("max", shards);
            }
            start.after().ifPresent(end -> body.set("search_after", end));
            return body;
        }
    }

    Flux<String> ids(String index, SearchClause clause) {
        return ids(index, clause, PAGE);
    }

    /** So many at a time, at most {@link #PAGE}. */
    Flux<String> ids(String index, SearchClause clause, int page) {
        return hits(index, clause, page).map(hit -> hit.required("_id").asText());
    }

    /** The versions of all documents, as of the last refresh. */
    public Flux<Long> versions(String index) {
        return hits(index, SearchClause.all(), PAGE)
                .map(hit -> hit.required("_version").asLong());
    }

    /** Makes all stored documents visible to searches. */
    public Mono<Void> refresh(String index) {
        return connection
                .repeatable("refresh index \"" + index + "\"", new Request("POST", Paths.index(index) + "/_refresh"))
                .flatMap(answer -> answer.path("_shards").path("failed").asInt(1) == 0
                        ? Mono.empty()
                        : Mono.error(new SyncException(
                                Remedy.RETRY, "A refresh of index \"" + index + "\" failed on some of its shards")));
    }

    private Flux<JsonNode> hits(String index, SearchClause clause, int page) {
        return search(index, Paths.index(index) + "/_search", request(clause, page))
                .flatMapMany(answer -> hits(answer).size() < page
                        ? Flux.just(hits(answer))
                        : pages(new LongSearch(index, clause, page, shards(answer)))
                                .map(Page::hits))
                .concatMapIterable(hits -> hits, 1);
    }

    private Flux<Page> pages(LongSearch search) {
        if (search.shards() > MOST_SLICES) {
            return Flux.error(new SyncException(
                    Remedy.STOP,
                    "Index \"%s\" has %,d shards, and no more than %,d can be read. Create it with fewer shards."
                            .formatted(search.index(), search.shards(), MOST_SLICES)));
        }
        return Flux.usingWhen(
                PointInTime.open(connection, search.index()),
                pit -> page(search, new Start(pit.id(), 0, Optional.empty()))
                        .expand(page ->
                                Mono.justOrEmpty(page.next(search.shards())).flatMap(start -> page(search, start))),
                this::close);
    }

    /**
     * Since the shards were counted, the name may have become the name of another index; then a slice is not a shard.
     */
    private Mono<Page> page(LongSearch search, Start start) {
        return search(search.index(), "/_search", search.request(start))
                .flatMap(answer -> shards(answer) == search.shards()
                        ? Mono.just(page(start, answer, search.page()))
                        : Mono.error(incomplete(search.index())));
    }

    private static Page page(Start start, JsonNode answer, int size) {
        String pit = answer.path("pit_id").asText(start.pit());
        return new Page(new Start(pit, start.slice(), start.after()), hits(answer), size);
    }

    static List<JsonNode> hits(JsonNode answer) {
        return answer.path("hits").path("hits").valueStream().toList();
    }

    private Mono<Void> close(PointInTime pit) {
        return pit.close(connection)
                // It expires by itself; the pages that were read are right nevertheless.
                .doOnError(error -> log.debug("A point in time was left open", error))
                .onErrorComplete();
    }

    private static ObjectNode request(SearchClause clause, int page) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("query", clause.json());
        body.put("size", page);
        body.put("_source", false);
        body.put("version", true);
        body.put("track_total_hits", false);
        return body;
    }

    /** The answer of a search that reached every shard. */
    Mono<JsonNode> search(String index, String path, ObjectNode body) {
        var request = new Request("POST", path);
        request.addParameter("allow_partial_search_results", "false");
        request.setJsonEntity(body.toString());
        return connection
                .repeatable("search index \"" + index + "\"", request)
                .flatMap(answer -> isComplete(answer) ? Mono.just(answer) : Mono.error(incomplete(index)));
    }

    private static boolean isComplete(JsonNode answer) {
        return answer.path("_shards").path("failed").asInt(1) == 0
                && !answer.path("timed_out").asBoolean();
    }

    private static SyncException incomplete(String index) {
        return new SyncException(Remedy.RETRY, "A search of index \"" + index + "\" did not reach all of its shards");
    }

    private static int shards(JsonNode answer) {
        return answer.required("_shards").required("total").asInt();
    }
}
