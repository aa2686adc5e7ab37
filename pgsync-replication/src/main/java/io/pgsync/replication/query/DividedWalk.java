package io.pgsync.replication.query;

import io.pgsync.core.affected.PathToRoot;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.affected.RowsNotWalkedException;
import io.pgsync.replication.connection.PostgresFailures;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Walks up from rows with one statement. If it fails on one row (a view or a function raises an error), it fails for
 * all of them; then they are walked in halves. Rows that fail alone are named at the end, after the roots of the
 * others. If the statement fails even without rows, the document is set aside.
 */
final class DividedWalk {
    private static final Logger log = LoggerFactory.getLogger(DividedWalk.class);

    /** After so many rows that failed alone, the rest is not tried row by row. */
    private static final int MOST_FAILED = 50;

    private final PathToRoot path;
    private final Function<List<List<String>>, Flux<RootKey>> statement;
    private final Function<List<List<String>>, Flux<RootKey>> raw;

    /** {@code statement} gives the roots above some rows; {@code raw} also gives roots with an unreadable key. */
    DividedWalk(
            PathToRoot path,
            Function<List<List<String>>, Flux<RootKey>> statement,
            Function<List<List<String>>, Flux<RootKey>> raw) {
        this.path = path;
        this.statement = statement;
        this.raw = raw;
    }

    /**
     * The roots above {@code rows}, some perhaps twice; ends with a {@link RowsNotWalkedException} if the statement
     * failed on some rows.
     */
    Flux<RootKey> from(List<List<String>> rows) {
        return Flux.defer(() -> {
            var failed = new ArrayList<List<String>>();
            return statement
                    .apply(rows)
                    .onErrorResume(PostgresFailures::isOfAText, failure -> raw.apply(rows))
                    .onErrorResume(
                            PostgresFailures::mayBeOfARow,
                            failure -> unlessOfTheStatement().thenMany(divided(rows, failure, failed)))
                    .concatWith(Mono.defer(() ->
                            failed.isEmpty() ? Mono.empty() : Mono.error(new RowsNotWalkedException(path, failed))));
        });
    }

    private Mono<Void> unlessOfTheStatement() {
        return RowFaults.unlessOfTheStatement(
                statement.apply(List.of()),
                path.tree(),
                "documents above a row of \"%s\" cannot be found"
                        .formatted(path.start().name()));
    }

    private Flux<RootKey> divided(List<List<String>> rows, Throwable failure, List<List<String>> failed) {
        if (rows.size() < 2 || failed.size() >= MOST_FAILED) {
            log.warn(
                    "PostgreSQL fails on {} rows of {} when it looks for their documents in {}, first {}: {}."
                            + " They are looked for in the index",
                    rows.size(),
                    path.start().name(),
                    path.tree().index(),
                    rows.get(0),
                    PostgresFailures.sqlState(failure).orElse("no SQLSTATE"));
            failed.addAll(rows);
            return Flux.empty();
        }
        int half = rows.size() / 2;
        return Flux.just(rows.subList(0, half), rows.subList(half, rows.size()))
                .concatMap(
                        part -> Flux.defer(() -> statement.apply(part))
                                .onErrorResume(PostgresFailures::mayBeOfARow, again -> divided(part, again, failed)),
                        1);
    }
}
