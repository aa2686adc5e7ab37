package io.pgsync.runtime.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.schema.SchemaException;
import io.pgsync.core.schema.SchemaProblem;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.connection.TableLockedException;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import io.pgsync.runtime.report.Diagnosis;
import io.pgsync.runtime.setup.SourceChoice;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Databases;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class ExaminationTest {
    private static final String POSTGRES = "PostgreSQL nowhere.invalid:1/shop";
    private static final Finding FINE = Finding.fine("wal_level", "logical");
    private static final Finding BAD = Finding.problem("wal_level", "replica", "ALTER SYSTEM SET wal_level = logical;");
    private static final TableName BOOKS = new TableName("public", "books");
    private static final SyncException AWAY = new SyncException(Remedy.RETRY, "away");
    private static final SyncException LOCKED = new TableLockedException("somebody has it", AWAY);

    private final Servers servers = new Servers();
    private final Examination examination = new Examination("schema.json", servers);

    @Test
    void everyPlaceIsShownInOrderAndTheWorstOfAllCounts() {
        servers.engine = Mono.just(List.of(BAD));
        servers.divergences = Mono.just(List.of(Finding.warning("index books", "gap", "")));

        Diagnosis diagnosis = examined();

        assertThat(diagnosis.places().keySet()).containsExactly(POSTGRES, "Search engine", "Documents of shop");
        assertThat(diagnosis.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(diagnosis.count(Severity.WARNING)).isEqualTo(2);
    }

    @Test
    void aLogOfWorkIsAPlaceOfItsOwnWhereThereIsOne() {
        servers.log = Mono.error(AWAY);

        Diagnosis diagnosis = examined();

        assertThat(diagnosis.places().keySet()).containsExactly(POSTGRES, "Search engine", "Log of work of shop");
        assertThat(diagnosis.places().get("Log of work of shop"))
                .extracting(Finding::message)
                .containsExactly("away");
    }

    @Test
    void documentsOfWhichNothingIsToBeSaidAreNoPlace() {
        assertThat(examined().places().keySet()).containsExactly(POSTGRES, "Search engine");
    }

    @Test
    void aServerThatCannotBeReachedIsAFindingAndTheOtherIsExamined() {
        servers.source = Mono.error(AWAY);
        servers.divergences = Mono.error(AWAY);

        Diagnosis diagnosis = examined();

        assertThat(diagnosis.places().get(POSTGRES))
                .extracting(Finding::message)
                .containsExactly("away");
        assertThat(diagnosis.places().get("Search engine")).containsExactly(FINE);
    }

    @Test
    void aFileThatDoesNotFitIsShownByItsPointers() {
        servers.databases = Mono.error(
                new SchemaException("schema.json", List.of(new SchemaProblem("/0/nodes/table", "no such table"))));

        assertThat(examined().places().get("schema.json"))
                .containsExactly(Finding.problem("/0/nodes/table", "no such table", ""));
    }

    @Test
    void soIsADatabaseThatCannotBeRead() {
        servers.databases = Mono.error(AWAY);

        assertThat(examined().places().get("schema.json")).containsExactly(Finding.problem("database", "away", ""));
    }

    @Test
    void aRoleThatMayNotReadIsNotAskedForStatementsToo() {
        servers.source = Mono.just(List.of(BAD));
        servers.statements = Flux.just(new SchemaProblem("/0/nodes", "permission denied"));

        assertThat(examined().places().get(POSTGRES))
                .extracting(Finding::subject)
                .doesNotContain("/0/nodes");
        servers.source = Mono.just(List.of(FINE));
        assertThat(examined().places().get(POSTGRES))
                .extracting(Finding::subject)
                .contains("/0/nodes");
    }

    @Test
    void whatALockHidesIsAWarningToWhoeverLooksAndStopsWhoeverWantsToMakeSomething() {
        servers.statements = Flux.error(LOCKED);

        assertThat(examined().places().get(POSTGRES))
                .extracting(Finding::subject)
                .contains("queries");
        StepVerifier.create(checked(ReplicaIdentityMode.KEEP)).verifyError(TableLockedException.class);
    }

    @Test
    void beforeAnythingIsMadeTablesMayLackTheIdentityThatTheyAreAboutToGet() {
        checked(ReplicaIdentityMode.FULL).block();
        checked(ReplicaIdentityMode.KEEP).block();

        assertThat(servers.excused).containsExactly(Set.of(BOOKS), Set.of());
    }

    @Test
    void allProblemsAreToldTogetherAndNothingElse() {
        servers.source = Mono.just(List.of(BAD, Finding.warning("max_slot_wal_keep_size", "no limit", "")));
        servers.engine = Mono.just(List.of(Finding.problem("version", "7", "")));

        assertThatThrownBy(() -> examined().requireNoProblem())
                .isInstanceOfSatisfying(
                        SyncException.class,
                        failure -> assertThat(failure.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContainingAll(POSTGRES, "wal_level", "Search engine", "version")
                .hasMessageNotContaining("max_slot_wal_keep_size");
    }

    @Test
    void whatIsSaidOfDatabasesIsToldApart() {
        servers.source = Mono.just(List.of(BAD));
        servers.engine = Mono.just(List.of(Finding.problem("version", "7", "")));

        assertThat(examined().sources())
                .contains(BAD)
                .noneMatch(finding -> finding.subject().equals("version"));
    }

    @Test
    void aLinkWithoutIndexIsAWarningWithItsStatement() {
        assertThat(Examination.missingIndexes(Databases.tree("books")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.subject()).isEqualTo("index on public.books (id)");
                    assertThat(finding.remedy()).startsWith("CREATE INDEX");
                });
    }

    private Diagnosis examined() {
        return examination.examine().blockOptional().orElseThrow();
    }

    private Mono<Diagnosis> checked(ReplicaIdentityMode mode) {
        return examination.check(List.of(Databases.shop("books")), new SourceChoice(mode, Set.of(), false));
    }

    private static final class Servers implements ExaminedServers {
        private Mono<List<Database>> databases = Mono.just(List.of(Databases.shop("books")));
        private Mono<List<Finding>> source = Mono.just(List.of(FINE));
        private Mono<List<Finding>> engine = Mono.just(List.of(FINE));
        private Mono<List<Finding>> log = Mono.empty();
        private Mono<List<Finding>> divergences = Mono.just(List.of());
        private Flux<SchemaProblem> statements = Flux.empty();
        private final List<Set<TableName>> excused = new ArrayList<>();

        @Override
        public Mono<List<Database>> databases() {
            return databases;
        }

        @Override
        public Mono<List<Finding>> check(Database database, Set<TableName> tables) {
            excused.add(tables);
            return source;
        }

        @Override
        public Mono<List<Finding>> examine(Database database) {
            return source;
        }

        @Override
        public Flux<SchemaProblem> statements(Database database) {
            return statements;
        }

        @Override
        public Mono<List<Finding>> log(Database database) {
            return log;
        }

        @Override
        public Mono<List<Finding>> engine(List<DocumentTree> trees) {
            return engine;
        }

        @Override
        public Mono<List<Finding>> divergences(Database database) {
            return divergences;
        }
    }
}
