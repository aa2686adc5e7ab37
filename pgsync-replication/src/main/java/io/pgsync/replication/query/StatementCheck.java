package io.pgsync.replication.query;

import io.pgsync.core.affected.PathToRoot;
import io.pgsync.core.affected.SourceKeyLookup.Start;
import io.pgsync.core.affected.TableRoles;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.schema.SchemaProblem;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeNode;
import io.pgsync.replication.connection.LockWait;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresFailures;
import io.pgsync.replication.connection.TableLockedException;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Lets the server plan the statements of trees, so that a refusal is known before the first document is read. Nothing
 * is executed.
 */
public final class StatementCheck {
    private static final String NO_LOOK_UP =
            "Keys and links compare equal values of types that have an order; show such a column by a view, as a value of such a type: a link by the elements of an array, for example, as unnest(…)";

    /** Appendix A of the manual: undefined_function and ambiguous_function, which also stand for operators. */
    private static final Set<String> NO_OPERATOR = Set.of("42883", "42725");

    /**
     * A parameter as our statements write it, always the operand of a cast; so nothing in the text of a condition
     * matches by accident.
     */
    private static final Pattern PARAMETER = Pattern.compile("(?<=CAST\\()\\$\\d+(?= AS text)");

    private final PostgresConnections connections;

    public StatementCheck(PostgresConnections connections) {
        this.connections = connections;
    }

    /**
     * What the server refuses: first conditions; then, if they are sound, the whole query of a document; last the
     * look-ups that changes need. Fails with {@link TableLockedException} while somebody has locked one of the tables
     * exclusively.
     */
    public Flux<SchemaProblem> problems(Collection<DocumentTree> trees) {
        return Flux.fromIterable(trees).concatMap(this::refusals).map(Refusal::problem);
    }

    /** Why the documents of a tree cannot be followed, in the form in which it is recorded; empty if they can. */
    Mono<Divergence> divergence(DocumentTree tree) {
        return refusals(tree)
                .next()
                .map(refusal -> new Divergence(
                        PostgresFailures.isOfARight(refusal.failure()) ? Kind.UNREADABLE : Kind.SCHEMA_DRIFT,
                        tree.index(),
                        "node %s: %s".formatted(refusal.pointer(), refusal.what())));
    }

    private Flux<Refusal> refusals(DocumentTree tree) {
        LockWait tables = tablesOf(tree);
        return conditions(tables, tree.root())
                .switchIfEmpty(Flux.defer(() -> query(tables, tree)))
                .switchIfEmpty(Flux.defer(() -> lookUps(tables, tree)));
    }

    private record Refusal(String pointer, String what, String remedy, Throwable failure) {
        SchemaProblem problem() {
            return new SchemaProblem(pointer, what + ". " + remedy);
        }
    }

    private LockWait tablesOf(DocumentTree tree) {
        return LockWait.on(
                connections, tree.tables().stream().map(TableDefinition::name).toList());
    }

    /**
     * Fails with {@code STOP} if the server refuses {@code condition} over the columns of a tree's root; with a locked
     * table as above.
     */
    public Mono<Void> condition(DocumentTree tree, String condition) {
        String sql = "EXPLAIN " + new DocumentSql(tree).matching(condition, false, 0, 1);
        return tablesOf(tree)
                .ask(connection -> PostgresConnections.query(connection, sql, row -> true))
                .then()
                .onErrorMap(
                        Remedy.STOP::isOf,
                        failure -> new SyncException(
                                Remedy.STOP,
                                "PostgreSQL refuses the condition \"%s\": %s. Write an SQL condition over the columns of \"%s\""
                                        .formatted(
                                                condition,
                                                PostgresFailures.serverMessage(failure),
                                                tree.root().table().name()),
                                failure));
    }

    private static Flux<Refusal> conditions(LockWait tables, TreeNode node) {
        Mono<Refusal> own = Mono.justOrEmpty(node.where())
                .flatMap(condition -> refusal(
                        tables,
                        "SELECT FROM " + NodeSql.of(node, "t").rootTable(),
                        node.pointer() + "/where",
                        "PostgreSQL refuses the condition \"" + condition + "\"",
                        failure -> "Write an SQL condition over the columns of \""
                                + node.table().name() + "\""));
        return own.concatWith(Flux.fromIterable(node.children()).concatMap(child -> conditions(tables, child)));
    }

    private static Flux<Refusal> query(LockWait tables, DocumentTree tree) {
        return refusal(
                        tables,
                        new DocumentSql(tree).byRange(false, false),
                        tree.root().pointer(),
                        "PostgreSQL refuses the query of this document",
                        failure -> isOfAType(failure)
                                ? NO_LOOK_UP
                                : "Grant SELECT on its tables, or correct its definition")
                .flux();
    }

    /** The look-ups for a change, and for the progress of a load: better refused now than after the first documents. */
    private static Flux<Refusal> lookUps(LockWait tables, DocumentTree tree) {
        var root = new DocumentSql(tree);
        String roots =
                "PostgreSQL cannot look up rows of \"" + tree.root().table().name() + "\" by their key";
        String pointer = tree.root().pointer();
        return Flux.concat(
                        refusal(tables, root.byKeys(), pointer, roots, failure -> NO_LOOK_UP),
                        refusal(tables, root.byRange(true, true), pointer, roots, failure -> NO_LOOK_UP),
                        refusal(tables, root.chunkEnds(true, 1), pointer, roots, failure -> NO_LOOK_UP),
                        Flux.fromIterable(TableRoles.of(List.of(tree)).all())
                                .filter(path -> !path.isRoot())
                                .concatMap(path -> walks(tables, path)))
                .distinct(Refusal::problem);
    }

    private static Flux<Refusal> walks(LockWait tables, PathToRoot path) {
        boolean hasKey = !path.start().primaryKey().isEmpty();
        return Flux.fromIterable(hasKey ? List.of(Start.LINK, Start.KEY) : List.of(Start.LINK))
                .concatMap(start -> refusal(
                        tables,
                        new KeyWalkSql(path, start).sql(),
                        path.tree().root().pointer(),
                        "PostgreSQL cannot find the documents above rows of \""
                                + path.start().name() + "\"",
                        failure -> NO_LOOK_UP));
    }

    private static Mono<Refusal> refusal(
            LockWait tables, String sql, String pointer, String what, Function<Throwable, String> remedy) {
        return tables.ask(connection -> planned(connection.createStatement("EXPLAIN " + sql), sql))
                .then(Mono.<Refusal>empty())
                .onErrorResume(
                        PostgresFailures::isRefusal,
                        failure -> Mono.just(new Refusal(
                                pointer,
                                what + ": " + PostgresFailures.serverMessage(failure),
                                remedy.apply(failure),
                                failure)));
    }

    /** Every parameter is null: nothing is executed, so values do not matter. */
    private static Flux<Boolean> planned(Statement statement, String sql) {
        PARAMETER
                .matcher(sql)
                .results()
                .map(MatchResult::group)
                .distinct()
                .forEach(parameter -> statement.bindNull(parameter, String.class));
        return Flux.<Result>from(statement.execute()).concatMap(result -> result.map(row -> true));
    }

    private static boolean isOfAType(Throwable failure) {
        return PostgresFailures.sqlState(failure).filter(NO_OPERATOR::contains).isPresent();
    }
}
