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
 * Decides whether single rows are at fault, or the document: if the source fails on every row, the document is set
 * aside, instead of a million recorded refusals. One instance per tree. Thread-safe.
 */
final class RowFaults {
    /** The number of refusals in a row, with no successful read between them, after which rows elsewhere are tried. */
    static final int MOST_IN_A_ROW = 100;

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final DocumentTree tree;
    private final Mono<Boolean> anyRowPasses;
    private final AtomicInteger inARow = new AtomicInteger();

    /** {@code anyRowPasses} reads some rows, one by one; true as soon as the source succeeds on one. */
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

    /** Completes if the statement succeeds without rows, which means that a row made it fail; otherwise fails. */
    Mono<Void> unlessOfTheStatement(Publisher<?> withoutRows) {
        return unlessOfTheStatement(withoutRows, tree, cannotBeRead());
    }

    /** The same for any statement that a document needs; {@code what} describes the failed operation. */
    static Mono<Void> unlessOfTheStatement(Publisher<?> withoutRows, DocumentTree tree, String what) {
        return Mono.when(withoutRows)
                .retryWhen(onceMore())
                .onErrorMap(PostgresFailures::mayBeOfARow, again -> ofTheDocument(again, tree, what));
    }

    /** Completes if the row of {@code failure} is one of few; fails if every row fails. */
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
     * Repeats once, after a moment, a statement that was refused for good: a right may be revoked and granted, or a
     * table dropped and created, by two statements. Only a second refusal sets a document aside.
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

    /** A failure that passes is tried again; any other sets the document aside. */
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
        // If a statement does not fit the schema, a comparison with the catalog gives a better message.
        return ofARight || PostgresFailures.isOfTheSchema(failure)
                ? new StatementRefusedException(divergences, failure)
                : new DivergenceException(divergences);
    }
}
