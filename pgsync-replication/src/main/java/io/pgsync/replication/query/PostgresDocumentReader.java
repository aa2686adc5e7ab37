package io.pgsync.replication.query;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.change.TableName;
import io.pgsync.core.document.DocumentAssembler;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.document.Plugins;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresFailures;
import io.pgsync.replication.sql.Columns;
import io.r2dbc.spi.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads documents with the single statement of their tree; the JSON stays bytes, from the socket on. A row from which
 * no document can be made, or whose document is too large, is a {@link Failed}; all rows without a key are one
 * together. If every row fails, the read fails with a {@link io.pgsync.core.checkpoint.DivergenceException}. Safe from
 * any thread.
 */
public final class PostgresDocumentReader implements DocumentReader {
    /**
     * The largest request that Elasticsearch accepts by default ({@code http.max_content_length}), minus what a request
     * adds.
     */
    public static final long MOST_BYTES = (100L << 20) - (64 << 10);

    /** Rows at each end of the key order that are tried before a document counts as unreadable. */
    private static final int TRIED_ROWS = 10;

    /**
     * By name, because to_regclass fails if the role may not use the schema; and without pg_partition_tree, which waits
     * for partitions that somebody has locked.
     */
    private static final String ESTIMATE = """
            WITH RECURSIVE part AS (
                SELECT root.oid
                  FROM pg_namespace n
                  JOIN pg_class root ON root.relnamespace = n.oid AND root.relname = $2
                 WHERE n.nspname = $1
                 UNION
                SELECT i.inhrelid
                  FROM part
                  JOIN pg_inherits i ON i.inhparent = part.oid
                  JOIN pg_class p ON p.oid = i.inhrelid AND p.relispartition
            )
            SELECT greatest(sum(c.reltuples), 0)::int8 FROM pg_class c JOIN part ON c.oid = part.oid""";

    private final PostgresConnections connections;
    private final Map<String, Source> sources = new HashMap<>();

    /** For trees without plugins. */
    public PostgresDocumentReader(PostgresConnections connections, Collection<DocumentTree> trees) {
        this(connections, trees, Plugins.NONE, MOST_BYTES);
    }

    /** {@code maxBytes}: a larger document is refused and not fetched. */
    public PostgresDocumentReader(
            PostgresConnections connections, Collection<DocumentTree> trees, Plugins plugins, long maxBytes) {
        this.connections = connections;
        trees.forEach(tree -> sources.put(tree.index(), source(tree, plugins, maxBytes)));
    }

    private Source source(DocumentTree tree, Plugins plugins, long maxBytes) {
        var sql = new DocumentSql(tree, maxBytes);
        var roots = new RootListing(connections, tree, sql);
        var rows = new DocumentRows(new DocumentAssembler(tree, plugins), sql.keySize(), maxBytes);
        return new Source(
                sql,
                roots,
                rows,
                new RowFaults(
                        tree,
                        roots.outermost(TRIED_ROWS)
                                .concatMap(root -> passes(tree, root))
                                .any(passes -> passes)));
    }

    private record Source(DocumentSql sql, RootListing roots, DocumentRows rows, RowFaults faults) {}

    private Mono<Boolean> passes(DocumentTree tree, RootKey root) {
        return !root.canHaveDocument()
                ? Mono.just(false)
                : byKeys(of(tree), List.of(root.key()))
                        .then(Mono.just(true))
                        // A failure that passes proves nothing.
                        .onErrorResume(PostgresFailures::isRefusal, failure -> Mono.just(false));
    }

    @Override
    public Flux<DocumentChange> read(DocumentTree tree, List<RootKey> roots) {
        Source source = of(tree);
        List<RootKey> named = roots.stream().filter(RootKey::canHaveDocument).toList();
        Flux<DocumentChange> others = Flux.fromIterable(roots)
                .filter(root -> !root.canHaveDocument())
                .distinct()
                .map(source.rows()::unnamed);
        return others.concatWith(new DividedRead(
                        source.rows().ids(),
                        keys -> byKeys(source, keys),
                        key -> canBeKey(source, key),
                        source.faults())
                .of(named));
    }

    private Mono<Boolean> canBeKey(Source source, List<String> key) {
        return connections
                .query(source.sql().keyValues(), row -> true, key.toArray())
                .next()
                .onErrorResume(PostgresFailures::isOfAValue, failure -> Mono.just(false));
    }

    private Flux<DocumentChange> byKeys(Source source, List<List<String>> keys) {
        DocumentSql sql = source.sql();
        return documents(source, sql.byKeys(), statement -> sql.keys().bind(statement, keys));
    }

    @Override
    public Flux<DocumentChange> read(DocumentTree tree, KeyRange range) {
        Source source = of(tree);
        String sql =
                source.sql().byRange(range.after().isPresent(), range.last().isPresent());
        return Flux.defer(() -> {
            Set<String> read = new HashSet<>();
            return documents(source, sql, statement -> RootListing.bind(statement, RootListing.bounds(range)))
                    .doOnNext(document -> read.add(document.id()))
                    // One of the rows is at fault; reading by key finds out which.
                    .onErrorResume(PostgresFailures::mayBeOfARow, failure -> rest(tree, range, read))
                    .concatWith(range.last().isEmpty() ? withoutKey(source) : Mono.empty());
        });
    }

    /** Rows without a key are in no range, so the last range reports all of them. */
    private Mono<DocumentChange> withoutKey(Source source) {
        return Mono.justOrEmpty(source.sql().keyless())
                .flatMap(sql -> connections
                        .query(sql, row -> Columns.required(row, 0, Long.class))
                        .next())
                .filter(count -> count > 0)
                .map("%,d in all"::formatted)
                // The count failed on one of them, so there may be some: it is better to say so than to say nothing.
                .onErrorResume(
                        PostgresFailures::isRefusal,
                        failure -> Mono.just(
                                "nobody can tell how many (\"%s\")".formatted(PostgresFailures.serverMessage(failure))))
                .map(source.rows()::withoutKey);
    }

    private Flux<DocumentChange> rest(DocumentTree tree, KeyRange range, Set<String> read) {
        Source source = of(tree);
        return source.roots()
                .within(range, source.faults())
                .filter(root -> !root.canHaveDocument()
                        || !read.contains(source.rows().ids().idOf(root.key())))
                .collectList()
                .retryWhen(RowFaults.onceMore())
                .onErrorMap(PostgresFailures::mayBeOfARow, source.faults()::ofTheDocument)
                .flatMapMany(roots -> read(tree, roots));
    }

    @Override
    public Flux<KeyRange> ranges(DocumentTree tree, Optional<List<String>> after, int size) {
        return of(tree).roots().ranges(after, size, of(tree).faults());
    }

    @Override
    public Flux<List<RootKey>> matching(DocumentTree tree, String condition, Optional<List<String>> after, int size) {
        return of(tree).roots().matching(condition, after, size);
    }

    @Override
    public Mono<Long> estimatedRoots(DocumentTree tree) {
        TableName table = tree.root().table().name();
        return connections
                .query(ESTIMATE, row -> Columns.required(row, 0, Long.class), table.schema(), table.table())
                .next();
    }

    /** The statement that reads all documents of a tree, without parameters: for query plans and measurements. */
    public String statementOf(DocumentTree tree) {
        return of(tree).sql().byRange(false, false);
    }

    private Flux<DocumentChange> documents(Source source, String sql, Consumer<Statement> parameters) {
        return connections.use(connection -> {
            Statement statement = connection.createStatement(sql);
            parameters.accept(statement);
            return Flux.from(statement.execute())
                    .concatMap(result ->
                            result.map((row, metadata) -> source.rows().document(row)));
        });
    }

    private Source of(DocumentTree tree) {
        return Objects.requireNonNull(sources.get(tree.index()), tree.index());
    }
}
