package io.pgsync.runtime.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.audit.AuditStore;
import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.SchemaWatch;
import io.pgsync.replication.retention.Retention;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.source.Databases;
import io.pgsync.runtime.status.IndexesInMemory;
import io.pgsync.runtime.status.StatusReader;
import io.pgsync.runtime.status.StatusReader.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class DivergenceFindingsTest {
    private static final RepairCommand REPAIR = new RepairCommand("schema.json", false);
    private static final Optional<SlotStatus> SLOT = Optional.of(new SlotStatus(
            "pgsync",
            "pgoutput",
            "shop",
            Optional.of(7),
            Optional.of(new Lsn(5)),
            Optional.of(new Lsn(10)),
            "reserved",
            Optional.empty(),
            false));

    private final StatesInMemory states = StatesInMemory.of("books", "authors");
    private final List<Divergence> drifts = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private Optional<String> notKnown = Optional.empty();
    private String type = "1=sad";

    @Test
    void aSoundDatabaseHasNone() {
        assertThat(findings(SLOT)).isEmpty();
    }

    @Test
    void whatARunWouldNoticeAtItsStartIsAProblemNow() {
        drifts.add(new Divergence(Kind.SCHEMA_DRIFT, "books", "column title is gone"));

        assertThat(findings(SLOT)).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.PROBLEM);
            assertThat(finding.subject()).isEqualTo("index books");
            assertThat(finding.message()).startsWith("schema-drift, column title is gone; ");
        });
    }

    @Test
    void whatIsRecordedOfAnIndexIsNotLookedForAgain() {
        states.put(states.get("books").withDiverged(Diverged.at(new Lsn(5), Kind.LOAD_REFUSED, "all of it")));

        assertThat(findings(SLOT)).extracting(Finding::subject).containsExactly("index books");
        assertThat(asked).containsExactly("drifts of [authors]", "definitions of [authors]");
    }

    @Test
    void withoutASlotThatIsSaidAlreadyAndNothingElseIsAsked() {
        assertThat(findings(Optional.empty())).hasSize(2);
        assertThat(asked).isEmpty();
    }

    @Test
    void aTypeThatWasRedefinedSinceTheLoadShowsItself() {
        states.put(states.get("books").withDefinitions(definitions()));
        type = "1=blue";

        assertThat(findings(SLOT)).singleElement().satisfies(finding -> {
            assertThat(finding.subject()).isEqualTo("index books");
            assertThat(finding.message()).startsWith("definition-changed, ");
        });
    }

    @Test
    void ofWhatHasDriftedDefinitionsAreNotAsked() {
        drifts.add(new Divergence(Kind.SCHEMA_DRIFT, "books", "column title is gone"));

        findings(SLOT);

        assertThat(asked).containsExactly("drifts of [books, authors]", "definitions of [authors]");
    }

    @Test
    void whatIsNotKnownNowIsAWarning() {
        notKnown = Optional.of("somebody has locked table book");

        assertThat(findings(SLOT)).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
            assertThat(finding.message()).contains("table book");
        });
    }

    private List<Finding> findings(Optional<SlotStatus> slot) {
        var retention = new Retention(Instant.EPOCH, new Lsn(100), slot, Optional.empty(), Optional.empty());
        var status = new StatusReader(
                new Subject("shop", "pgsync", List.of("books", "authors"), Map.of(), REPAIR),
                Mono.just(retention),
                states,
                AuditStore.NONE,
                new IndexesInMemory(),
                Optional.empty());
        List<DocumentTree> trees = Databases.shop("books", "authors").trees();
        return new DivergenceFindings(trees, status, REPAIR, Watch::new)
                .all()
                .blockOptional()
                .orElseThrow();
    }

    private Definitions definitions() {
        return new Definitions(Map.of("mood", Set.of(type)), Map.of(), Map.of(), Map.of());
    }

    private final class Watch implements SchemaWatch {
        private final Consumer<String> told;

        Watch(Consumer<String> told) {
            this.told = told;
        }

        @Override
        public Flux<Divergence> drifts(Collection<DocumentTree> trees) {
            asked.add("drifts of " + names(trees).toList());
            notKnown.ifPresent(told);
            return Flux.fromIterable(drifts);
        }

        @Override
        public Mono<Map<String, Definitions>> definitions(Collection<DocumentTree> trees) {
            asked.add("definitions of " + names(trees).toList());
            return Mono.just(Map.of("books", DivergenceFindingsTest.this.definitions()));
        }

        private static Stream<String> names(Collection<DocumentTree> trees) {
            return trees.stream().map(DocumentTree::index);
        }
    }
}
