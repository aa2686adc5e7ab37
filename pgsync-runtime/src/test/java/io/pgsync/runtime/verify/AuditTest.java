package io.pgsync.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.audit.AuditProgress;
import io.pgsync.core.audit.AuditProgress.Round;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import io.pgsync.runtime.source.Databases;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AuditTest {
    private final DocumentTree tree = Databases.tree("books");
    private final SidesInMemory sides = new SidesInMemory();
    private final AuditsInMemory audits = new AuditsInMemory();
    private Instant now = Instant.EPOCH;
    private Audit audit = audit();

    private Audit audit() {
        var log = new AuditLog("books", new RepairCommand("schema.json", false));
        return new Audit(tree, sides, audits, audits, log, () -> now);
    }

    @Test
    void aRoundLeadsThroughAllRootsAndAllDocumentsPartByPart() {
        sides.books(25);

        parts(2);
        assertThat(sides.rows.reads).containsExactly(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), tens(11));
        assertThat(progress().place().lastKey()).contains(List.of("20"));
        assertThat(progress().place().isEnd()).isFalse();
        part();

        assertThat(sides.rows.reads.get(2)).containsExactly(21, 22, 23, 24, 25);
        assertThat(progress().place().isEnd()).isTrue();
        assertThat(progress().round().compared()).isEqualTo(25);
        assertThat(progress().position().value()).isEqualTo(10);
        assertThat(sides.repairs).isEmpty();
        assertThat(sides.waits).as("without a suspect nothing is waited for").isZero();
    }

    @Test
    void theNextRoundBeginsAtTheFirstRootAndKnowsTheOneBefore() {
        sides.books(12);
        parts(2);
        now = now.plusSeconds(60);

        part();

        assertThat(sides.rows.reads.get(2)).startsWith(1);
        assertThat(progress().last().orElseThrow().compared()).isEqualTo(12);
        assertThat(progress().round()).isEqualTo(new Round(now, now, 10, 0, 0, 0));
    }

    @Test
    void whatDiffersIsRepairedPartByPart() {
        sides.books(25);
        sides.copies.write("3", "{}");
        sides.copies.delete("12");
        sides.copies.write("99", "{}");

        parts(3);

        assertThat(sides.repairs).containsExactly(List.of("3"), List.of("12"), List.of("99"));
        assertThat(audits.all()).isEqualTo(new Counts(25, 1, 1, 1, 0, 0, 3));
        assertThat(progress().round().remaining()).isZero();
        parts(3);
        assertThat(audits.all().differing()).isEqualTo(3);
    }

    @Test
    void whatCanBeNoKeyIsRemoved() {
        sides.copies.write("no key", "{}");

        part();

        assertThat(sides.repairs).containsExactly(List.of("no key"));
        assertThat(progress().round().differing()).isEqualTo(1);
        assertThat(progress().round().remaining()).isZero();
    }

    @Test
    void itGoesOnWhereAnEarlierProcessWas() {
        sides.books(25);
        part();
        audit = audit();

        part();

        assertThat(sides.rows.reads.get(1)).startsWith(11);
        assertThat(progress().round().compared()).isEqualTo(20);
    }

    @Test
    void ofAnotherIndexOrDefinitionNothingIsKnown() {
        sides.books(25);
        part();
        for (AuditProgress other : List.of(known("other uuid", "f"), known("uuid-books", "other fingerprint"))) {
            audits.kept.put("books", other);
            audit = audit();

            part();

            assertThat(progress().round().compared()).isEqualTo(10);
            assertThat(progress().last()).isEmpty();
        }
    }

    private AuditProgress known(String uuid, String fingerprint) {
        AuditProgress now = progress();
        return new AuditProgress(uuid, fingerprint, now.place(), now.position(), now.round(), now.last());
    }

    /** A copy that is written all the time would otherwise lead the walk on for ever. */
    @Test
    void documentsThatAreWrittenLaterAreNoPartOfTheRound() {
        sides.books(12);
        for (int part = 0; part < 2; part++) {
            for (int i = 1; i <= 12; i++) {
                sides.both(i, "{'n': " + i + "}");
            }
            part();
        }

        assertThat(progress().place().isEnd()).isTrue();
    }

    @Test
    void aPartThatFailsIsComparedAgain() {
        sides.books(25);
        sides.copies.write("3", "{}");
        sides.before.put("caughtUp", () -> {
            throw new IllegalStateException("not now");
        });
        assertThatThrownBy(this::part).hasMessage("not now");
        sides.before.clear();

        part();

        assertThat(audits.all()).isEqualTo(new Counts(10, 0, 1, 0, 0, 0, 1));
    }

    @Test
    void whereARepairChangesNothingNoneFollowsInTheSameRound() {
        sides.books(25);
        for (String id : List.of("3", "12", "21")) {
            sides.copies.write(id, "{}");
            sides.unrepairable.add(id);
        }

        parts(3);

        assertThat(sides.repairs).containsExactly(List.of("3"));
        assertThat(progress().round().remaining()).isEqualTo(3);
        sides.unrepairable.clear();
        parts(3);
        assertThat(sides.repairs).hasSize(4);
        assertThat(progress().round().remaining()).isZero();
    }

    @Test
    void noMoreIsRepairedInARoundThanALoadWouldCost() {
        sides.books(11_000);
        for (int i = 1; i <= 11_000; i++) {
            sides.copies.write(Integer.toString(i), "{}");
        }

        for (int part = 0; part < 11; part++) {
            audit.part(1_000).block();
        }

        assertThat(audits.all().repaired()).isEqualTo(Tally.MOST_REPAIRED);
        assertThat(progress().round().remaining()).isEqualTo(1_000);
    }

    @Test
    void anIndexWithoutDocumentsIsARound() {
        part();

        assertThat(progress().place().isEnd()).isTrue();
    }

    private static List<Integer> tens(int first) {
        return IntStream.range(first, first + 10).boxed().toList();
    }

    private void part() {
        audit.part(10).block();
    }

    private void parts(int count) {
        for (int i = 0; i < count; i++) {
            part();
        }
    }

    private AuditProgress progress() {
        return Optional.ofNullable(audits.kept.get("books")).orElseThrow();
    }
}
