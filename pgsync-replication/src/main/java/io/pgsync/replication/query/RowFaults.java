package io.pgsync.replication.query;

import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.checkpoint.StatementRefusedException;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.connection.PostgresFailures;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Tells rows that are at fault from a document that is: where the source fails on whatever row is read, the document is set aside, and no
 * refusal is recorded for each of a million rows. One for each tree. Thread-safe.
 */
final class RowFaults {
    /** Refused one after another, with no document read in between, before rows elsewhere are tried. */
    static final int MOST_IN_A_ROW = 100;

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final DocumentTree tree;
    private final Mono<Boolean> anyRowPasses;
    private final AtomicInteger inARow = new AtomicInteger();

    /** {@code anyRowPasses} reads some rows, each alone; true as soon as the source does not fail on one. */
    RowFaults(DocumentTree tree, Mono<Boolean> anyRowPasses) {
        this.tree = tree;
        this.anyRowPasses = anyRowPasses;
    }

    /** A document was read. */
    void passed() {
        if (inARow.getPlain() > 0) {
            inARow.set(0);
        }
    }

    /** Completes when the statement succeeds with no row at all, so that a row made it fail; else fails. */
    Mono<Void> unlessOfTheStatement(Publisher<?> withoutRows) {
        return unlessOfTheStatement(withoutRows, tree, cannotBeRead());
    }

    /** The same for any statement that a document needs; {@code what} says what it would have done. */
    static Mono<Void> unlessOfTheStatement(Publisher<?> withoutRows, DocumentTree tree, String what) {
        return Mono.when(withoutRows)
                .retryWhen(onceMore())
                .onErrorMap(PostgresFailures::mayBeOfARow, again -> ofTheDocument(again, tree, what));
    }

    /** Completes when the row that {@code failure} is about counts as one of few; fails when there are only such rows. */
    Mono<Void> unlessOfEveryRow(Throwable failure) {
        return Mono.defer(() -> inARow.incrementAndGet() < MOST_IN_A_ROW
                ? Mono.empty()
                : anyRowPasses
                        .onErrorMap(PostgresFailures::mayBeOfARow, this::ofTheDocument)
                        .flatMap(passes -> {
                            inARow.set(0);
                            return passes ? Mono.empty() : Mono.error(ofTheDocument(failure));
                        }));
    }

    /**
     * Asks again, after a moment, what was refused for good: a right is withdrawn and granted by two statements, a table replaced by two. What
     * would set a document aside has to be said twice.
     */
    static Retry onceMore() {
        return Retry.fixedDelay(1, PAUSE)
                .filter(PostgresFailures::isRefusal)
                .onRetryExhaustedThrow((retry, signal) -> signal.failure());
    }

    Throwable ofTheDocument(Throwable failure) {
        return ofTheDocument(failure, tree, cannotBeRead());
    }

    private String cannotBeRead() {
        return "node %s cannot be read".formatted(tree.root().pointer());
    }

    /** What passes by itself is tried again; anything else sets the document aside. */
    private static Throwable ofTheDocument(Throwable failure, DocumentTree tree, String what) {
        return ofDocuments(failure, List.of(tree), what);
    }

    /** The same for several documents that fail together. */
    static Throwable ofDocuments(Throwable failure, Collection<DocumentTree> trees, String what) {
        if (!PostgresFailures.isRefusal(failure)) {
            return failure;
        }
        boolean ofARight = PostgresFailures.isOfARight(failure);
        String why = "%s: PostgreSQL fails whatever the row, with \"%s\" (SQLSTATE %s)"
                .formatted(
                        what,
                        PostgresFailures.serverMessage(failure),
                        PostgresFailures.sqlState(failure).orElse("unknown"));
        List<Divergence> divergences = trees.stream()
                .map(tree -> new Divergence(ofARight ? Kind.UNREADABLE : Kind.SCHEMA_DRIFT, tree.index(), why))
                .toList();
        // What does not fit the schema is named better by those who compare it with the catalog.
        return ofARight || PostgresFailures.isOfTheSchema(failure)
                ? new StatementRefusedException(divergences, failure)
                : new DivergenceException(divergences);
    }
}
