package io.pgsync.runtime.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.catalog.ColumnDefinition;
import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.catalog.TableDefinition.Kind;
import io.pgsync.core.catalog.TableDefinition.ReplicaIdentity;
import io.pgsync.core.change.TableName;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import io.pgsync.runtime.source.LinkedTables.Linked;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class ReplicaIdentitiesTest {
    private static final List<String> KEY = List.of("id");
    private static final Set<String> LINKS = Set.of("id", "book_id");

    private final List<String> statements = new ArrayList<>();
    private final List<String> dangers = new ArrayList<>();
    private boolean isBroken;

    @Test
    void whoeverKeepsThemChangesNothing() {
        apply(ReplicaIdentityMode.KEEP, review(Kind.TABLE, KEY, ReplicaIdentity.PRIMARY_KEY));

        assertThat(statements).isEmpty();
    }

    @Test
    void wholeOldRowsAreThoseOfHeirsToo() {
        apply(ReplicaIdentityMode.FULL, review(Kind.TABLE, KEY, ReplicaIdentity.PRIMARY_KEY, "old_review"));

        assertThat(statements)
                .containsExactly(
                        "ALTER TABLE \"public\".\"review\" REPLICA IDENTITY FULL",
                        "ALTER TABLE \"public\".\"old_review\" REPLICA IDENTITY FULL");
    }

    @Test
    void aTableThatHasThemIsLeftAlone() {
        apply(ReplicaIdentityMode.FULL, review(Kind.TABLE, KEY, ReplicaIdentity.FULL));

        assertThat(statements).isEmpty();
    }

    @Test
    void ofAPartitionedTableEveryPartitionHasItsOwn() {
        apply(ReplicaIdentityMode.FULL, review(Kind.PARTITIONED_TABLE, KEY, ReplicaIdentity.FULL));

        assertThat(statements).containsExactly("ALTER TABLE \"public\".\"review_1\" REPLICA IDENTITY FULL");
    }

    @Test
    void whereTheServerWouldRefuseOthersTheIdentityStays() {
        dangers.add("publication theirs has a row filter on it");

        apply(ReplicaIdentityMode.FULL, review(Kind.TABLE, KEY, ReplicaIdentity.PRIMARY_KEY));
        apply(ReplicaIdentityMode.INDEX, review(Kind.TABLE, KEY, ReplicaIdentity.PRIMARY_KEY));

        assertThat(statements).isEmpty();
    }

    @Test
    void keyAndLinksGetAUniqueIndexThatIsUsedOnceItIsThere() {
        apply(ReplicaIdentityMode.INDEX, review(Kind.TABLE, KEY, ReplicaIdentity.PRIMARY_KEY));

        assertThat(statements).hasSize(2);
        assertThat(statements.get(0)).startsWith("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ");
        assertThat(statements.get(1)).startsWith("ALTER TABLE \"public\".\"review\" REPLICA IDENTITY USING INDEX ");
    }

    @Test
    void anIndexThatWasNeverFinishedIsMadeAnew() {
        isBroken = true;

        apply(ReplicaIdentityMode.INDEX, review(Kind.TABLE, KEY, ReplicaIdentity.PRIMARY_KEY));

        assertThat(statements).hasSize(3).first().asString().startsWith("DROP INDEX CONCURRENTLY ");
    }

    @Test
    void whatTheLogHasAlreadyNeedsNoIndex() {
        apply(ReplicaIdentityMode.INDEX, review(Kind.TABLE, KEY, ReplicaIdentity.FULL));
        apply(
                ReplicaIdentityMode.INDEX,
                new Linked(review(Kind.TABLE, KEY, ReplicaIdentity.PRIMARY_KEY).table(), Set.of("id")));

        assertThat(statements).isEmpty();
    }

    @Test
    void whatTheServerTakesForNoIdentityKeepsTheOneItHas() {
        apply(ReplicaIdentityMode.INDEX, review(Kind.PARTITIONED_TABLE, KEY, ReplicaIdentity.PRIMARY_KEY));
        apply(ReplicaIdentityMode.INDEX, review(Kind.TABLE, KEY, ReplicaIdentity.PRIMARY_KEY, "old_review"));
        apply(ReplicaIdentityMode.INDEX, review(Kind.TABLE, List.of(), ReplicaIdentity.NOTHING));
        apply(
                ReplicaIdentityMode.INDEX,
                new Linked(review(Kind.TABLE, KEY, ReplicaIdentity.PRIMARY_KEY).table(), Set.of("id", "may_be_null")));

        assertThat(statements).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"VIEW", "MATERIALIZED_VIEW", "FOREIGN_TABLE", "UNLOGGED_TABLE"})
    void whatIsNotLoggedHasNoIdentity(Kind kind) {
        apply(ReplicaIdentityMode.FULL, review(kind, KEY, ReplicaIdentity.PRIMARY_KEY));

        assertThat(statements).isEmpty();
    }

    private static Linked review(Kind kind, List<String> key, ReplicaIdentity identity, String... heirs) {
        var columns = List.of(column("id", true), column("book_id", true), column("may_be_null", false));
        List<TableName> below = List.of(heirs).stream()
                .map(heir -> new TableName("public", heir))
                .toList();
        var name = new TableName("public", "review");
        return new Linked(new TableDefinition(name, kind, columns, key, List.of(), List.of(), identity, below), LINKS);
    }

    private static ColumnDefinition column(String name, boolean notNull) {
        return new ColumnDefinition(1, name, new ColumnType("integer", "int4", ColumnType.Kind.BASE), notNull);
    }

    private void apply(ReplicaIdentityMode mode, Linked linked) {
        StepVerifier.create(new ReplicaIdentities(new Server()).apply(mode, List.of(linked)))
                .verifyComplete();
    }

    private final class Server implements IdentityServer {
        @Override
        public Flux<TableName> partitions(TableName table) {
            return Flux.just(new TableName("public", table.table() + "_1"));
        }

        @Override
        public Flux<String> dangers(TableName table, Set<String> columns) {
            return Flux.fromIterable(dangers);
        }

        @Override
        public Mono<Boolean> isBroken(String index) {
            return Mono.just(isBroken);
        }

        @Override
        public Mono<Void> run(String statement) {
            return Mono.fromRunnable(() -> statements.add(statement));
        }

        @Override
        public Mono<Void> alter(TableName table, String statement) {
            return Mono.fromRunnable(() -> statements.add(statement));
        }
    }
}
