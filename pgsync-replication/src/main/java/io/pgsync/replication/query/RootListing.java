package io.pgsync.replication.query;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresFailures;
import io.r2dbc.spi.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Lists the keys of one tree's roots, in key order if it matters. Safe from any thread. */
final class RootListing {
    /** The number of keys that are read together if the next one is not valid text. */
    private static final int LOOKED_AT = 200;

    private final PostgresConnections connections;
    private final DocumentTree tree;
    private final DocumentSql sql;
    private final RawKeys raw;

    RootListing(PostgresConnections connections, DocumentTree tree, DocumentSql sql) {
        this.connections = connections;
        this.tree = tree;
        this.sql = sql;
        this.raw = new RawKeys(connections, connections, tree.index(), sql.keySize());
    }

    /** The roots of a range, including those without a document; some perhaps twice. */
    Flux<RootKey> within(KeyRange range, RowFaults faults) {
        String statement =
                sql.keysByRange(range.after().isPresent(), range.last().isPresent());
        return withUnreadable(statement, bounds(range), faults::unlessOfEveryRow);
    }

    /** The first {@code size} roots and the last {@code size}. */
    Flux<RootKey> outermost(int size) {
        return outermost(false, size).concatWith(outermost(true, size));
    }

    private Flux<RootKey> outermost(boolean last, int size) {
        return withUnreadable(sql.outermost(last, size), List.of(), failure -> Mono.empty());
    }

    /**
     * The keys after {@code after} in ranges of {@code size} roots; the last one has no end. If the count of a range
     * fails on a row, the range is made shorter, so that it ends before the row. If the row is the next one, unreadable
     * keys are skipped; any other failure ends the listing, because nobody can tell which key comes next.
     */
    Flux<KeyRange> ranges(Optional<List<String>> after, int size, RowFaults faults) {
        // A range begins where the one before ended, so the ends are found one after the other, on request.
        return next(after, size, faults)
                .expand(range -> range.last().isEmpty() ? Mono.empty() : next(range.last(), size, faults));
    }

    private Mono<KeyRange> next(Optional<List<String>> after, int size, RowFaults faults) {
        return size > 1
                ? range(after, size)
                        .onErrorResume(PostgresFailures::mayBeOfARow, failure -> next(after, size / 2, faults))
                : range(after, size)
                        .onErrorResume(PostgresFailures::isOfAText, failure -> nextText(after, 0))
                        .retryWhen(RowFaults.onceMore())
                        .onErrorMap(PostgresFailures::mayBeOfARow, faults::ofTheDocument);
    }

    private Mono<KeyRange> range(Optional<List<String>> after, int size) {
        return keys(sql.chunkEnds(after.isPresent(), size), after.orElse(List.of()))
                .next()
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .map(last -> new KeyRange(after, last));
    }

    /** The range up to the next key that is valid text, if the keys before it are not. */
    private Mono<KeyRange> nextText(Optional<List<String>> after, int passed) {
        String statement = sql.keysAfter(after.isPresent(), passed, LOOKED_AT);
        return raw.of(statement, parameters -> bind(parameters, after.orElse(List.of())), none -> Mono.empty())
                .collectList()
                .flatMap(keys -> keys.stream()
                        .filter(RootKey::isReadable)
                        .findFirst()
                        .map(text -> Mono.just(new KeyRange(after, Optional.of(text.key()))))
                        .orElseGet(() -> keys.size() < LOOKED_AT
                                ? Mono.just(new KeyRange(after, Optional.empty()))
                                : nextText(after, passed + LOOKED_AT)));
    }

    /** See {@link io.pgsync.core.document.DocumentReader#matching}. */
    Flux<List<RootKey>> matching(String condition, Optional<List<String>> after, int size) {
        return page(condition, new Place(after, 0), size)
                .expand(page -> page.roots().size() < size ? Mono.empty() : page(condition, page.end(), size))
                .map(Page::roots);
    }

    /**
     * Where a page begins: {@code passed} roots after a key, because the roots in between have no key that can be
     * named.
     */
    private record Place(Optional<List<String>> after, int passed) {}

    private record Page(Place begin, List<RootKey> roots) {
        Place end() {
            for (int i = roots.size() - 1; i >= 0; i--) {
                if (roots.get(i).isReadable()) {
                    return new Place(Optional.of(roots.get(i).key()), roots.size() - 1 - i);
                }
            }
            return new Place(begin.after(), begin.passed() + roots.size());
        }
    }

    private Mono<Page> page(String condition, Place begin, int size) {
        String statement = sql.matching(condition, begin.after().isPresent(), begin.passed(), size);
        List<String> bounds = begin.after().orElse(List.of());
        return roots(statement, bounds)
                .collectList()
                // All or nothing: the number of roots decides where the next page begins.
                .onErrorResume(
                        PostgresFailures::isOfAText,
                        failure -> raw.of(statement, parameters -> bind(parameters, bounds), none -> Mono.empty())
                                .collectList())
                // A condition that fails on a row is refused for good: a second try would fail too.
                .onErrorMap(
                        PostgresFailures::mayBeOfARow,
                        failure -> new SyncException(Remedy.STOP, String.valueOf(failure.getMessage()), failure))
                .map(roots -> new Page(begin, roots));
    }

    private Flux<RootKey> withUnreadable(
            String statement, List<String> bounds, Function<Throwable, Mono<Void>> unreadable) {
        return roots(statement, bounds)
                .onErrorResume(
                        PostgresFailures::isOfAText,
                        failure -> raw.of(statement, parameters -> bind(parameters, bounds), unreadable));
    }

    private Flux<RootKey> roots(String statement, List<String> bounds) {
        return keys(statement, bounds).map(key -> new RootKey(tree.index(), key));
    }

    private Flux<List<String>> keys(String text, List<String> bounds) {
        return connections.use(connection -> {
            Statement statement = connection.createStatement(text);
            bind(statement, bounds);
            return Flux.from(statement.execute())
                    .concatMap(result -> result.map((row, metadata) -> KeyTexts.of(row, sql.keySize())));
        });
    }

    static List<String> bounds(KeyRange range) {
        var bounds = new ArrayList<String>();
        range.after().ifPresent(bounds::addAll);
        range.last().ifPresent(bounds::addAll);
        return bounds;
    }

    static void bind(Statement statement, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            statement.bind("$" + (i + 1), values.get(i));
        }
    }
}
