package io.pgsync.elasticsearch.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import io.pgsync.core.affected.IndexKeyLookup;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.document.MetaKeys;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds documents by the keys of their rows, with searches of {@code _meta}. */
public final class MetaKeyLookup implements IndexKeyLookup {
    /** The engine accepts at most 65,536 terms in a clause, and plans small clauses better. */
    private static final int KEYS_PER_SEARCH = 1_000;

    /** Bytes of UTF-8 (Lucene's {@code IndexWriter.MAX_TERM_LENGTH}). */
    private static final int LONGEST_TERM = 32_766;

    /** PostgreSQL's form of numbers; with a negative exponent they are between -1 and 1. */
    private static final Pattern FRACTION = Pattern.compile("(-?\\d{1,19})\\.\\d+|-?\\d{1,19}(?:\\.\\d+)?e-\\d+");

    private final ElasticsearchConnection connection;
    private final IndexScan scan;

    public MetaKeyLookup(ElasticsearchConnection connection) {
        this.connection = connection;
        this.scan = new IndexScan(connection);
    }

    @Override
    public Mono<Void> refresh(DocumentTree tree) {
        String index = tree.index();
        return connection
                .repeatable(
                        "refresh index \"" + index + "\"",
                        client -> client.indices().refresh(refresh -> refresh.index(index)))
                .flatMap(answer -> answer.shards() != null
                                && answer.shards().failed().intValue() == 0
                        ? Mono.empty()
                        : Mono.error(new SyncException(
                                Remedy.RETRY, "A refresh of index \"" + index + "\" failed on some of its shards")));
    }

    @Override
    public Flux<RootKey> rootsContaining(
            DocumentTree tree, String table, List<String> columns, List<List<String>> keys) {
        return Flux.fromIterable(keys)
                .buffer(KEYS_PER_SEARCH)
                // One search at a time: its pages are the part that needs bounded memory.
                .concatMap(chunk -> search(tree, table, columns, chunk), 1);
    }

    private Flux<RootKey> search(DocumentTree tree, String table, List<String> columns, List<List<String>> keys) {
        return roots(tree, containing(tree, table, columns, keys, true))
                .onErrorResume(MetaKeyLookup::isBadValue, error -> searchApart(tree, table, columns, keys));
    }

    /**
     * An index that others created may map a key as a number or date. It then refuses a whole search because of one
     * value of another form. No document can have such a value under that mapping, so it is searched alone and only as
     * text. If even that is refused, the row may be in any document with rows of the table.
     */
    private Flux<RootKey> searchApart(DocumentTree tree, String table, List<String> columns, List<List<String>> keys) {
        if (keys.size() == 1) {
            return roots(tree, containing(tree, table, columns, keys, false))
                    .onErrorResume(MetaKeyLookup::isBadValue, error -> rootsContainingAny(tree, table, columns));
        }
        int half = keys.size() / 2;
        return Flux.concat(
                search(tree, table, columns, keys.subList(0, half)),
                search(tree, table, columns, keys.subList(half, keys.size())));
    }

    @Override
    public Flux<RootKey> rootsContainingAny(DocumentTree tree, String table, List<String> columns) {
        if (table.equals(tree.root().table().name().table())) {
            return allRoots(tree);
        }
        return roots(
                tree,
                inEitherEntry(
                        tree,
                        table,
                        entry -> Query.of(query -> query.exists(exists -> exists.field(entry.apply(columns.get(0)))))));
    }

    /** The roots of all documents, as of the last refresh. Ids that cannot be a key of the tree are skipped. */
    public Flux<RootKey> allRoots(DocumentTree tree) {
        return roots(tree, Query.of(query -> query.matchAll(all -> all)));
    }

    private Flux<RootKey> roots(DocumentTree tree, Query query) {
        DocumentIds ids = DocumentIds.of(tree);
        return scan.ids(tree.index(), query)
                .handle((id, sink) -> ids.keyOf(id).ifPresent(key -> sink.next(new RootKey(tree.index(), key))));
    }

    private static Query containing(
            DocumentTree tree, String table, List<String> columns, List<List<String>> keys, boolean typed) {
        return inEitherEntry(tree, table, entry -> {
            List<Query> clauses = IntStream.range(0, columns.size())
                    .mapToObj(column -> clause(
                            entry.apply(columns.get(column)),
                            keys.stream()
                                    .flatMap(key -> forms(key.get(column)))
                                    .distinct()
                                    .map(FieldValue::of)
                                    .toList(),
                            typed))
                    .toList();
            return Query.of(query -> query.bool(bool -> bool.filter(clauses)));
        });
    }

    /**
     * The form of a value in {@code _meta}, and its form in earlier versions if it is long and the engine can search
     * for that.
     */
    private static Stream<String> forms(String value) {
        String listed = MetaKeys.searchable(value);
        return listed.equals(value) || value.getBytes(UTF_8).length > LONGEST_TERM
                ? Stream.concat(Stream.of(listed), withoutFraction(value))
                : Stream.of(listed, value);
    }

    /**
     * An index that others created may map a key as whole numbers: the engine then drops fractions in documents, but
     * not in searches.
     */
    private static Stream<String> withoutFraction(String value) {
        Matcher number = FRACTION.matcher(value);
        return number.matches() ? Stream.of(Objects.requireNonNullElse(number.group(1), "0")) : Stream.empty();
    }

    /** A through row is in the entry of its table, or among those that {@code _meta} does not list. */
    private static Query inEitherEntry(
            DocumentTree tree, String table, Function<UnaryOperator<String>, Query> ofEntry) {
        Query listed = ofEntry.apply(column -> "_meta." + table + "." + column);
        if (!tree.hidesThroughKeys()) {
            return listed;
        }
        Query unlinked =
                ofEntry.apply(column -> "_meta." + MetaKeys.UNLINKED + "." + MetaKeys.unlinkedField(table, column));
        return Query.of(
                query -> query.bool(bool -> bool.should(listed, unlinked).minimumShouldMatch("1")));
    }

    /**
     * Dynamic mapping makes whole texts searchable under {@code .keyword}; our own mapping does so under the field
     * itself.
     */
    private static Query clause(String field, List<FieldValue> values, boolean typed) {
        Stream<String> fields = typed ? Stream.of(field, field + ".keyword") : Stream.of(field + ".keyword");
        List<Query> either = fields.map(name ->
                        Query.of(query -> query.terms(terms -> terms.field(name).terms(list -> list.value(values)))))
                .toList();
        return Query.of(query -> query.bool(bool -> bool.should(either).minimumShouldMatch("1")));
    }

    private static boolean isBadValue(Throwable error) {
        return error.getCause() instanceof ElasticsearchException refused && refused.status() == 400;
    }
}
