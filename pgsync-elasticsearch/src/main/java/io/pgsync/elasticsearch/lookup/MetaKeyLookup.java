package io.pgsync.elasticsearch.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgsync.core.affected.IndexKeyLookup;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.document.MetaKeys;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.RefusedRequestException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
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

    private static final Predicate<Throwable> BAD_VALUE = RefusedRequestException.withStatus(400);

    private final IndexScan scan;

    public MetaKeyLookup(ElasticsearchConnection connection) {
        this.scan = new IndexScan(connection);
    }

    @Override
    public Mono<Void> refresh(DocumentTree tree) {
        return scan.refresh(tree.index());
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
                .onErrorResume(BAD_VALUE, error -> searchApart(tree, table, columns, keys));
    }

    /**
     * An index that others created may map a key as a number or date. It then refuses a whole search because of one
     * value of another form. No document can have such a value under that mapping, so it is searched alone and only as
     * text. If even that is refused, the row may be in any document with rows of the table.
     */
    private Flux<RootKey> searchApart(DocumentTree tree, String table, List<String> columns, List<List<String>> keys) {
        if (keys.size() == 1) {
            return roots(tree, containing(tree, table, columns, keys, false))
                    .onErrorResume(BAD_VALUE, error -> rootsContainingAny(tree, table, columns));
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
        return roots(tree, inEitherEntry(tree, table, entry -> SearchClause.exists(entry.apply(columns.get(0)))));
    }

    /** The roots of all documents, as of the last refresh. Ids that cannot be a key of the tree are skipped. */
    public Flux<RootKey> allRoots(DocumentTree tree) {
        return roots(tree, SearchClause.all());
    }

    private Flux<RootKey> roots(DocumentTree tree, SearchClause clause) {
        DocumentIds ids = DocumentIds.of(tree);
        return scan.ids(tree.index(), clause)
                .handle((id, sink) -> ids.keyOf(id).ifPresent(key -> sink.next(new RootKey(tree.index(), key))));
    }

    private static SearchClause containing(
            DocumentTree tree, String table, List<String> columns, List<List<String>> keys, boolean typed) {
        return inEitherEntry(tree, table, entry -> {
            List<SearchClause> clauses = IntStream.range(0, columns.size())
                    .mapToObj(column -> clause(
                            entry.apply(columns.get(column)),
                            keys.stream()
                                    .flatMap(key -> forms(key.get(column)))
                                    .distinct()
                                    .toList(),
                            typed))
                    .toList();
            return SearchClause.allOf(clauses);
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
    private static SearchClause inEitherEntry(
            DocumentTree tree, String table, Function<UnaryOperator<String>, SearchClause> ofEntry) {
        SearchClause listed = ofEntry.apply(column -> "_meta." + table + "." + column);
        if (!tree.hidesThroughKeys()) {
            return listed;
        }
        SearchClause unlinked =
                ofEntry.apply(column -> "_meta." + MetaKeys.UNLINKED + "." + MetaKeys.unlinkedField(table, column));
        return SearchClause.anyOf(List.of(listed, unlinked));
    }

    /**
     * Dynamic mapping makes whole texts searchable under {@code .keyword}; our own mapping does so under the field
     * itself.
     */
    private static SearchClause clause(String field, List<String> values, boolean typed) {
        Stream<String> fields = typed ? Stream.of(field, field + ".keyword") : Stream.of(field + ".keyword");
        return SearchClause.anyOf(
                fields.map(name -> SearchClause.terms(name, values)).toList());
    }
}
