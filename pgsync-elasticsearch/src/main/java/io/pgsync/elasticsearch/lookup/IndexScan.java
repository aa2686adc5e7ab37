package io.pgsync.elasticsearch.lookup;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.Time;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads the ids or versions of all documents that match a query. A result of one page needs one request; a longer one
 * is read page by page from a point in time, at most one page ahead of demand. A page without an answer from every
 * shard is a failure.
 */
public final class IndexScan {
    private static final Logger log = LoggerFactory.getLogger(IndexScan.class);
    private static final int PAGE = 1_000;
    private static final Time KEEP_ALIVE = Time.of(time -> time.time("10m"));

    private final ElasticsearchConnection connection;

    public IndexScan(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    /** {@code pit} changes from page to page; the newest one must be used. */
    private record Page(String pit, List<Hit<Void>> hits) {
        boolean isLast() {
            return hits.size() < PAGE;
        }

        List<FieldValue> end() {
            return hits.get(hits.size() - 1).sort();
        }
    }

    Flux<String> ids(String index, Query query) {
        return hits(index, query).map(hit -> Objects.requireNonNull(hit.id(), "_id"));
    }

    /** The versions of all documents, as of the last refresh. */
    public Flux<Long> versions(String index) {
        return hits(index, Query.of(query -> query.matchAll(all -> all)))
                .map(hit -> Objects.requireNonNull(hit.version(), "_version"));
    }

    private Flux<Hit<Void>> hits(String index, Query query) {
        return search(index, request(query).index(index).build())
                .flatMapMany(answer -> answer.hits().hits().size() < PAGE
                        ? Flux.just(new Page("", answer.hits().hits()))
                        : pages(index, query))
                .concatMapIterable(Page::hits, 1);
    }

    private Flux<Page> pages(String index, Query query) {
        return Flux.usingWhen(
                openPointInTime(index),
                pit -> page(index, query, new Page(pit, List.of()))
                        .expand(page -> page.isLast() ? Mono.empty() : page(index, query, page)),
                this::closePointInTime);
    }

    private Mono<String> openPointInTime(String index) {
        return connection
                .call(
                        "open a point in time of index \"" + index + "\"",
                        client -> client.openPointInTime(
                                open -> open.index(index).keepAlive(KEEP_ALIVE).allowPartialSearchResults(false)))
                .map(answer -> answer.id());
    }

    private Mono<Void> closePointInTime(String pit) {
        return connection
                .call("close a point in time", client -> client.closePointInTime(close -> close.id(pit)))
                .then()
                // It expires by itself; the pages that were read are right nevertheless.
                .doOnError(error -> log.debug("A point in time was left open", error))
                .onErrorComplete();
    }

    private Mono<Page> page(String index, Query query, Page before) {
        SearchRequest.Builder request = request(query)
                .pit(pit -> pit.id(before.pit()).keepAlive(KEEP_ALIVE))
                .sort(sort -> sort.field(field -> field.field("_shard_doc")));
        if (!before.hits().isEmpty()) {
            request.searchAfter(before.end());
        }
        return search(index, request.build())
                .map(answer -> new Page(
                        answer.pitId() == null ? before.pit() : answer.pitId(),
                        answer.hits().hits()));
    }

    private static SearchRequest.Builder request(Query query) {
        return new SearchRequest.Builder()
                .query(query)
                .size(PAGE)
                .source(source -> source.fetch(false))
                .version(true)
                .trackTotalHits(total -> total.enabled(false))
                .allowPartialSearchResults(false);
    }

    private Mono<SearchResponse<Void>> search(String index, SearchRequest request) {
        return connection
                .repeatable("search index \"" + index + "\"", client -> client.search(request, Void.class))
                .flatMap(answer -> answer.timedOut() || answer.shards().failed().intValue() > 0
                        ? Mono.error(new SyncException(
                                Remedy.RETRY, "A search of index \"" + index + "\" did not reach all of its shards"))
                        : Mono.just(answer));
    }
}
