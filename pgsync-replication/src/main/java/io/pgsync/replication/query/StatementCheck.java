package io.pgsync.replication.query;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.schema.DocumentTree;
import io.pgsync.core.schema.SchemaProblem;
import io.pgsync.core.schema.TreeNode;
import io.pgsync.replication.PostgresConnections;
import io.pgsync.replication.PostgresFailures;
import java.util.Collection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Lets the server plan the statements of trees, so that what it refuses is known before the first document is read. Nothing is run. */
public final class StatementCheck {
    private final PostgresConnections connections;

    public StatementCheck(PostgresConnections connections) {
        this.connections = connections;
    }

    /** What the server refuses: conditions first, and the whole query of a document where its conditions are sound. */
    public Flux<SchemaProblem> problems(Collection<DocumentTree> trees) {
        return Flux.fromIterable(trees)
                .concatMap(tree -> conditions(tree.root()).switchIfEmpty(Mono.defer(() -> query(tree))));
    }

    /** Fails with {@code STOP} when the server does not take {@code condition} over the columns of a tree's root. */
    public Mono<Void> condition(DocumentTree tree, String condition) {
        return connections
                .query("EXPLAIN " + new DocumentSql(tree).matching(condition, false, 1), row -> true)
                .then()
                .onErrorMap(
                        StatementCheck::isRefused,
                        failure -> new SyncException(
                                Remedy.STOP,
                                "PostgreSQL refuses the condition \"%s\": %s. Write an SQL condition over the columns of \"%s\""
                                        .formatted(
                                                condition,
                                                PostgresFailures.serverMessage(failure),
                                                tree.root().table().name()),
                                failure));
    }

    private static boolean isRefused(Throwable failure) {
        return failure instanceof SyncException known && known.remedy() == Remedy.STOP;
    }

    private Flux<SchemaProblem> conditions(TreeNode node) {
        Mono<SchemaProblem> own = Mono.justOrEmpty(node.where())
                .flatMap(condition -> refusal(
                        "SELECT FROM " + NodeSql.of(node, "t").rootTable(),
                        node.pointer() + "/where",
                        "PostgreSQL refuses the condition \"" + condition + "\"",
                        "Write an SQL condition over the columns of \""
                                + node.table().name() + "\""));
        return own.concatWith(Flux.fromIterable(node.children()).concatMap(this::conditions));
    }

    private Mono<SchemaProblem> query(DocumentTree tree) {
        return refusal(
                new DocumentSql(tree).byRange(false, false),
                tree.root().pointer(),
                "PostgreSQL refuses the query of this document",
                "Grant SELECT on its tables, or correct its definition");
    }

    private Mono<SchemaProblem> refusal(String sql, String pointer, String what, String remedy) {
        return connections
                .query("EXPLAIN " + sql, row -> true)
                .then(Mono.<SchemaProblem>empty())
                .onErrorResume(
                        SyncException.class,
                        failure -> failure.remedy() == Remedy.STOP
                                ? Mono.just(new SchemaProblem(
                                        pointer, what + ": " + PostgresFailures.serverMessage(failure) + ". " + remedy))
                                : Mono.error(failure));
    }
}
