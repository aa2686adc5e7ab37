package io.pgsync.replication.query;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.change.ColumnValue.Unreadable;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresFailures;
import io.r2dbc.spi.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Lists the keys of roots as bytes, if some are not valid text: a statement that gives them as text would fail. A key
 * that the server can convert to text becomes one; the others are {@link RootKey#unreadable}. Safe from any thread.
 */
final class RawKeys {
    /** The number of keys that one statement converts, as long as it does not fail. */
    private static final int AT_ONCE = 500;

    private final PostgresConnections listing;
    private final PostgresConnections converting;
    private final String index;
    private final int size;

    /**
     * A connection of {@code listing} is held while it waits for one of {@code converting}. So code that holds all
     * connections of {@code converting} must not wait for {@code listing}.
     *
     * @param size the number of columns of a key
     */
    RawKeys(PostgresConnections listing, PostgresConnections converting, String index, int size) {
        this.listing = listing;
        this.converting = converting;
        this.index = index;
        this.size = size;
    }

    /**
     * The keys that {@code keys} lists, in its order.
     *
     * @param keys a statement that gives the columns of a key as texts
     * @param unreadable is called with the server's error before an unreadable key is given
     */
    Flux<RootKey> of(String keys, Consumer<Statement> parameters, Function<Throwable, Mono<Void>> unreadable) {
        String sql = "SELECT "
                + each(i -> "pg_catalog.encode(pg_catalog.convert_to(k.c" + i
                        + ", pg_catalog.getdatabaseencoding()), 'hex')")
                + " FROM (" + keys + ") AS k (" + each(i -> "c" + i) + ")";
        return texts(listing, sql, parameters).buffer(AT_ONCE).concatMap(bytes -> given(bytes, unreadable), 1);
    }

    /** Rows of a view may have no key. */
    private Flux<RootKey> given(List<List<String>> bytes, Function<Throwable, Mono<Void>> unreadable) {
        List<List<String>> whole = bytes.stream().filter(key -> !key.isEmpty()).toList();
        Flux<RootKey> none = whole.size() == bytes.size() ? Flux.empty() : Flux.just(RootKey.none(index));
        return whole.isEmpty() ? none : none.concatWith(readable(whole, unreadable));
    }

    private Flux<RootKey> readable(List<List<String>> bytes, Function<Throwable, Mono<Void>> unreadable) {
        return texts(converting, conversion(), statement -> bind(statement, bytes))
                .collectList()
                .flatMapIterable(keys -> keys)
                .map(key -> new RootKey(index, key))
                .onErrorResume(PostgresFailures::isOfAText, failure -> divided(bytes, failure, unreadable));
    }

    private Flux<RootKey> divided(
            List<List<String>> bytes, Throwable failure, Function<Throwable, Mono<Void>> unreadable) {
        if (bytes.size() < 2) {
            return unreadable.apply(failure).thenMany(Flux.fromIterable(bytes).map(this::shown));
        }
        int half = bytes.size() / 2;
        return Flux.just(bytes.subList(0, half), bytes.subList(half, bytes.size()))
                .concatMap(part -> readable(part, unreadable), 1);
    }

    private RootKey shown(List<String> key) {
        return RootKey.unreadable(
                index,
                key.stream()
                        .map(hex -> HexFormat.of().parseHex(hex))
                        .map(bytes -> Unreadable.of(bytes, 0, bytes.length).shown())
                        .toList());
    }

    private String conversion() {
        return "SELECT "
                + each(i -> "pg_catalog.convert_from(pg_catalog.decode(k.c" + i
                        + ", 'hex'), pg_catalog.getdatabaseencoding())")
                + " FROM unnest(" + each(i -> "CAST($" + (i + 1) + " AS text[])") + ") WITH ORDINALITY AS k ("
                + each(i -> "c" + i) + ", n) ORDER BY k.n";
    }

    private void bind(Statement statement, List<List<String>> keys) {
        for (int i = 0; i < size; i++) {
            int column = i;
            statement.bind(
                    "$" + (i + 1), keys.stream().map(key -> key.get(column)).toArray(String[]::new));
        }
    }

    private Flux<List<String>> texts(PostgresConnections connections, String sql, Consumer<Statement> parameters) {
        return connections.use(connection -> {
            Statement statement = connection.createStatement(sql);
            parameters.accept(statement);
            return Flux.from(statement.execute())
                    .concatMap(result -> result.map((row, metadata) -> KeyTexts.of(row, size)));
        });
    }

    private String each(IntFunction<String> part) {
        return IntStream.range(0, size).mapToObj(part).collect(Collectors.joining(", "));
    }
}
