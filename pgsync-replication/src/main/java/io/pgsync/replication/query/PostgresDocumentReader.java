package io.pgsync.replication.query;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentAssembler;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.document.Plugins;
import io.pgsync.core.schema.DocumentTree;
import io.pgsync.replication.PostgresConnections;
import io.pgsync.replication.PostgresFailures;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.util.ArrayList;
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

/** Reads documents with the one statement of their tree; JSON stays bytes from the socket on. Safe from any thread. */
public final class PostgresDocumentReader implements DocumentReader {
    private final PostgresConnections connections;
    private final Map<String, Source> sources = new HashMap<>();

    /** For trees that list no plugins. */
    public PostgresDocumentReader(PostgresConnections connections, Collection<DocumentTree> trees) {
        this(connections, trees, Plugins.NONE);
    }

    public PostgresDocumentReader(PostgresConnections connections, Collection<DocumentTree> trees, Plugins plugins) {
        this.connections = connections;
        trees.forEach(tree ->
                sources.put(tree.index(), new Source(new DocumentSql(tree), new DocumentAssembler(tree, plugins))));
    }

    private record Source(DocumentSql sql, DocumentAssembler assembler) {
        DocumentChange document(Row row) {
            int size = sql.keySize();
            return assembler.assemble(KeyTexts.of(row, size), json(row, size), json(row, size + 1));
        }

        private static byte[] json(Row row, int column) {
            return Objects.requireNonNull(row.get(column, Json.class)).asArray();
        }
    }

    @Override
    public Flux<DocumentChange> read(DocumentTree tree, List<RootKey> roots) {
        Source source = source(tree);
        DocumentSql sql = source.sql();
        return new DividedRead(
                        source.assembler().ids(),
                        keys -> documents(
                                source, sql.byKeys(), statement -> sql.keys().bind(statement, keys)))
                .of(roots);
    }

    @Override
    public Flux<DocumentChange> read(DocumentTree tree, KeyRange range) {
        Source source = source(tree);
        String sql =
                source.sql().byRange(range.after().isPresent(), range.last().isPresent());
        return Flux.defer(() -> {
            Set<String> read = new HashSet<>();
            return documents(source, sql, statement -> bind(statement, bounds(range)))
                    .doOnNext(document -> read.add(document.id()))
                    // One of the rows is at fault: that is found out by their keys.
                    .onErrorResume(
                            PostgresFailures::isOfAValue,
                            failure -> rootsOf(tree, range)
                                    .filter(root -> !read.contains(
                                            source.assembler().ids().idOf(root.key())))
                                    .collectList()
                                    .flatMapMany(roots -> read(tree, roots)));
        });
    }

    private Flux<RootKey> rootsOf(DocumentTree tree, KeyRange range) {
        DocumentSql sql = source(tree).sql();
        String keys = sql.keysByRange(range.after().isPresent(), range.last().isPresent());
        return connections.use(connection -> {
            Statement statement = connection.createStatement(keys);
            bind(statement, bounds(range));
            return roots(tree, statement);
        });
    }

    private Flux<RootKey> roots(DocumentTree tree, Statement statement) {
        int size = source(tree).sql().keySize();
        return Flux.from(statement.execute())
                .concatMap(result -> result.map((row, metadata) -> new RootKey(tree.index(), KeyTexts.of(row, size))));
    }

    private static List<String> bounds(KeyRange range) {
        var bounds = new ArrayList<String>();
        range.after().ifPresent(bounds::addAll);
        range.last().ifPresent(bounds::addAll);
        return bounds;
    }

    @Override
    public Flux<KeyRange> ranges(DocumentTree tree, Optional<List<String>> after, int size) {
        DocumentSql sql = source(tree).sql();
        // Each range starts where the one before ended, so the ends are found one after another, as they are asked for.
        return next(sql, after, size)
                .expand(range -> range.last().isEmpty() ? Mono.empty() : next(sql, range.last(), size));
    }

    private Mono<KeyRange> next(DocumentSql sql, Optional<List<String>> after, int size) {
        return connections
                .<List<String>>useOne(connection -> {
                    Statement statement = connection.createStatement(sql.chunkEnds(after.isPresent(), size));
                    after.ifPresent(key -> bind(statement, key));
                    return Flux.from(statement.execute())
                            .concatMap(result -> result.map((row, metadata) -> KeyTexts.of(row, sql.keySize())))
                            .next();
                })
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .map(last -> new KeyRange(after, last));
    }

    @Override
    public Flux<List<RootKey>> matching(DocumentTree tree, String condition, Optional<List<String>> after, int size) {
        return page(tree, condition, after, size)
                .expand(roots -> roots.size() < size
                        ? Mono.empty()
                        : page(tree, condition, Optional.of(roots.get(size - 1).key()), size));
    }

    private Mono<List<RootKey>> page(DocumentTree tree, String condition, Optional<List<String>> after, int size) {
        DocumentSql sql = source(tree).sql();
        return connections
                .<RootKey>use(connection -> {
                    Statement statement = connection.createStatement(sql.matching(condition, after.isPresent(), size));
                    after.ifPresent(key -> bind(statement, key));
                    return roots(tree, statement);
                })
                .collectList();
    }

    @Override
    public Mono<Long> estimatedRoots(DocumentTree tree) {
        String sql = "SELECT greatest(sum(c.reltuples), 0)::int8 FROM pg_class c WHERE c.oid = $1::regclass"
                + " OR c.oid IN (SELECT relid FROM pg_partition_tree($1::regclass))";
        return connections.useOne(connection -> Flux.from(connection
                        .createStatement(sql)
                        .bind("$1", Sql.name(tree.root().table().name()))
                        .execute())
                .concatMap(result -> result.map((row, metadata) -> Objects.requireNonNull(row.get(0, Long.class))))
                .next());
    }

    /** The statement that reads all documents of a tree, without parameters: for plans and measurements. */
    public String statementOf(DocumentTree tree) {
        return source(tree).sql().byRange(false, false);
    }

    private Flux<DocumentChange> documents(Source source, String sql, Consumer<Statement> parameters) {
        return connections.use(connection -> {
            Statement statement = connection.createStatement(sql);
            parameters.accept(statement);
            return Flux.from(statement.execute())
                    .concatMap(result -> result.map((row, metadata) -> source.document(row)));
        });
    }

    private static void bind(Statement statement, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            statement.bind("$" + (i + 1), values.get(i));
        }
    }

    private Source source(DocumentTree tree) {
        return Objects.requireNonNull(sources.get(tree.index()), tree.index());
    }
}
