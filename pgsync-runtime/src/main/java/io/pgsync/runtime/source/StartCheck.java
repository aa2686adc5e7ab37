package io.pgsync.runtime.source;

import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.schema.SchemaException;
import io.pgsync.core.schema.SchemaProblem;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.connection.TableLockedException;
import io.pgsync.replication.query.StatementCheck;
import io.pgsync.runtime.config.SchemaText;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Asks the server, before anything is read, whether it accepts the statements of the documents. That needs the right to
 * read their tables.
 */
final class StartCheck {
    private static final Logger log = LoggerFactory.getLogger(StartCheck.class);

    private final SyncStateStore states;
    private final Fingerprints fingerprints;
    private final String source;
    private final BiFunction<Database, DocumentTree, Flux<SchemaProblem>> statements;

    StartCheck(SyncStateStore states, SchemaText schema) {
        this(states, schema, (database, tree) -> new StatementCheck(database.connections()).problems(List.of(tree)));
    }

    /** {@code statements}: what the server refuses about the statements of a document. */
    StartCheck(
            SyncStateStore states,
            SchemaText schema,
            BiFunction<Database, DocumentTree, Flux<SchemaProblem>> statements) {
        this.states = states;
        this.statements = statements;
        this.fingerprints = new Fingerprints(schema);
        this.source = schema.source();
    }

    /** What the server says of one document. */
    private record Answer(Database database, DocumentTree tree, List<SchemaProblem> problems) {
        boolean isRefusal() {
            return !problems.isEmpty();
        }
    }

    /** Fails with all problems if there are any. */
    Mono<Void> requireNone(List<Database> databases) {
        return answers(databases).collectList().flatMap(this::failIfAny);
    }

    /**
     * The databases to follow. A document that the server refuses, but that was loaded with its current definition, is
     * a suspect: the run asks again once it owns the index, and sets it aside. Fails with all problems if every
     * document is refused, because then the role is at fault and not the documents. Also fails if the definition of a
     * refused document has changed, because then somebody is working on the schema file.
     */
    Mono<List<Database>> suspected(List<Database> databases) {
        return answers(databases)
                .filterWhen(answer -> isSetAside(answer).map(known -> !known))
                .collectList()
                .flatMap(answers -> news(answers).then(Mono.fromSupplier(() -> withSuspects(databases, answers))));
    }

    private Flux<Answer> answers(List<Database> databases) {
        return Flux.fromIterable(databases)
                .concatMap(database -> Flux.fromIterable(database.trees())
                        .concatMap(tree -> problems(database, tree)
                                .collectList()
                                .map(problems -> new Answer(database, tree, problems))));
    }

    /**
     * A locked table stops no run: the reads of the run wait for the table, and the server's answer to them shows any
     * problem.
     */
    private Flux<SchemaProblem> problems(Database database, DocumentTree tree) {
        return statements.apply(database, tree).onErrorResume(TableLockedException.class, locked -> {
            log.warn(
                    "Not known now: whether PostgreSQL plans the queries of index \"{}\". {}",
                    tree.index(),
                    locked.getMessage());
            return Flux.empty();
        });
    }

    /** Fails with what is wrong with the schema file; what is wrong with documents that were loaded is only logged. */
    private Mono<Void> news(List<Answer> answers) {
        List<Answer> refused = answers.stream().filter(Answer::isRefusal).toList();
        return Flux.fromIterable(refused)
                .filterWhen(answer -> wasLoaded(answer.tree()).map(loaded -> !loaded))
                .collectList()
                .flatMap(unknown -> unknown.isEmpty() && refused.size() < answers.size()
                        ? Mono.fromRunnable(() -> refused.forEach(StartCheck::tell))
                        : failIfAny(refused));
    }

    private static void tell(Answer refused) {
        refused.problems()
                .forEach(problem -> log.error("Index {}: {}", refused.tree().index(), problem));
    }

    private Mono<Void> failIfAny(List<Answer> answers) {
        List<SchemaProblem> problems =
                answers.stream().flatMap(answer -> answer.problems().stream()).toList();
        return problems.isEmpty() ? Mono.empty() : Mono.error(new SchemaException(source, problems));
    }

    private static List<Database> withSuspects(List<Database> databases, List<Answer> answers) {
        return databases.stream()
                .map(database -> database.withSuspects(suspects(database, answers)))
                .toList();
    }

    private static Set<String> suspects(Database database, List<Answer> answers) {
        return answers.stream()
                .filter(answer -> answer.isRefusal() && answer.database().equals(database))
                .map(answer -> answer.tree().index())
                .collect(Collectors.toSet());
    }

    private Mono<Boolean> isSetAside(Answer answer) {
        return new KnownDrifts(states).contains(answer.tree().index());
    }

    private Mono<Boolean> wasLoaded(DocumentTree tree) {
        return states.load(tree.index())
                .map(found -> found.map(StoredState::state)
                        .filter(state -> fingerprints.fits(state, tree))
                        .isPresent());
    }
}
