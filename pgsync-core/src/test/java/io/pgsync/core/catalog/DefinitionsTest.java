package io.pgsync.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionsTest {
    @Test
    void whatIsAddedChangesNothing() {
        var then = facts(Map.of("type \"mood\"", Set.of("1=sad")));
        var now = facts(Map.of("type \"mood\"", Set.of("1=sad", "2=ok"), "view \"v\"", Set.of("x")));

        assertThat(now.since(then, "books")).isEmpty();
    }

    @Test
    void whatIsGoneIsNamedOnceForEachObject() {
        var then = facts(Map.of(
                "type \"mood\"", Set.of("1=sad", "2=ok"), "view \"v\"", Set.of("x"), "function \"f\"", Set.of("y")));
        var now = facts(Map.of("type \"mood\"", Set.of("1=blue", "2=fine"), "function \"f\"", Set.of("y")));

        assertThat(now.since(then, "books"))
                .containsExactly(new Divergence(
                        Kind.DEFINITION_CHANGED,
                        "books",
                        "no longer as when its documents were written: type \"mood\", view \"v\""));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 10, int4, false",
        "2, 10, int4, false",
        "1, 11, int4, false",
        "2, 11, int4, true",
        // A wider type rewrites the table too, and the values stay.
        "2, 11, int8, false"
    })
    void valuesWereRewrittenWhenColumnAndFileChangedAndTheTypeDidNot(
            String altered, String file, String type, boolean isRewritten) {
        var then = new Definitions(Map.of(), Map.of(), Map.of("column \"c\"", List.of("1", "10", "int4")), Map.of());
        var now = new Definitions(Map.of(), Map.of(), Map.of("column \"c\"", List.of(altered, file, type)), Map.of());

        assertThat(now.since(then, "books"))
                .extracting(Divergence::what)
                .allMatch(what -> what.endsWith("the values of column \"c\""))
                .hasSize(isRewritten ? 1 : 0);
    }

    @Test
    void aPartitionThatCameWithRowsCountsOnceAndOneThatWasMadeEmptyNever() {
        var then = partitions(mark("1", ".7"));
        var now = partitions(mark("1", ".7", "p1"), mark("2", ".8"), mark("3", ".9", "p3", "bounded"));

        PartitionChanges changes = now.partitionsSince(then);

        assertThat(changes.left()).isEmpty();
        assertThat(changes.came())
                .isEqualTo(Map.of("public.orders", List.of(new AttachedPartition("3", ".9", "p3", true))));
        assertThat(changes.words()).contains("public.orders").endsWith(": p3");
        assertThat(now.partitionsSince(now.kept()).isNone()).isTrue();
        assertThat(now.since(then, "books")).isEmpty();
    }

    @Test
    void aPartitionThatLeftTookItsRowsAlong() {
        PartitionChanges changes =
                partitions(mark("2", ".7")).partitionsSince(partitions(mark("1", ".7"), mark("2", ".7")));

        assertThat(changes.left()).isEqualTo(Map.of("public.orders", 1));
        assertThat(changes.words()).startsWith("1 partitions of \"public.orders\"");
    }

    /** Meanwhile its rows may have changed, of which the log says nothing. */
    @Test
    void onePartitionThatLeftAndCameBackBetweenTwoLooksDidBoth() {
        PartitionChanges changes = partitions(mark("1", ".9", "p1")).partitionsSince(partitions(mark("1", ".7")));

        assertThat(changes.came()).containsKey("public.orders");
        assertThat(changes.left()).containsKey("public.orders");
    }

    @Test
    void ofAStateOfAnEarlierReleaseOnlyTheIdentifiersAreKnown() {
        var earlier = new Definitions(Map.of(), Map.of("public.orders", Set.of("1", "2")), Map.of(), Map.of());

        assertThat(partitions(mark("1", ".7", "p1"), mark("2", ".8"))
                        .partitionsSince(earlier)
                        .isNone())
                .isTrue();
        assertThat(partitions(mark("1", ".7", "p1")).partitionsSince(earlier).left())
                .isEqualTo(Map.of("public.orders", 1));
    }

    @Test
    void aTableThatGetsItsFirstPartitionsIsComparedFromThenOn() {
        var unknown = new Definitions(Map.of(), Map.of(), Map.of(), Map.of());

        assertThat(partitions(mark("1", ".7", "p1")).partitionsSince(unknown).isNone())
                .isTrue();
    }

    @Test
    void aTableThatIsNotPartitionedAnyMoreIsAnotherOne() {
        var without = new Definitions(Map.of(), Map.of(), Map.of(), Map.of());

        assertThat(without.partitionsSince(partitions(mark("1", ".7"))).isNone())
                .isTrue();
    }

    @Test
    void aTableThatCameBackIntoThePublicationMayLackChanges() {
        var then = memberships(Map.of(
                "public.book",
                Set.of("publication 1 7 10", "table 2 7"),
                "public.review",
                Set.of("publication 1 7 10", "table 3 7")));
        var now = memberships(Map.of(
                "public.book",
                Set.of("publication 1 7 10", "table 2 7", "schema 5"),
                "public.review",
                Set.of("publication 1 7 10", "table 4 8")));

        assertThat(now.since(then, "books")).singleElement().satisfies(change -> {
            assertThat(change.kind()).isEqualTo(Kind.PUBLICATION_CHANGED);
            assertThat(change.what()).endsWith(": public.review");
        });
    }

    @Test
    void aTableThatIsNotPublishedNowIsToldElsewhere() {
        var then = memberships(Map.of("public.book", Set.of("publication 1 7 10", "table 2 7")));

        assertThat(memberships(Map.of()).since(then, "books")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // options were altered; made again; another owner
        "publication 1 7 10|table 2 7, publication 1 9 10|table 2 7, true",
        "publication 1 7 10|table 2 7, publication 8 9 10|table 2 7, true",
        "publication 1 7 10|table 2 7, publication 1 9 11|table 2 7, false",
        // by name, by schema, by both
        "publication 1 7 10|table 2 7, publication 1 7 10|table 5 9, true",
        "publication 1 7 10|table 2 7, publication 1 7 10|table 2 7|schema 3, false",
        "publication 1 7 10|table 2 7|schema 3, publication 1 7 10|schema 3, false",
        "publication 1 7 10, publication 1 7 10, false"
    })
    void aTableIsPublishedAllTheTimeAsLongAsOneEntryStays(String then, String now, boolean isDivergence) {
        assertThat(memberships(Map.of("public.book", Set.of(now.split("\\|"))))
                        .since(memberships(Map.of("public.book", Set.of(then.split("\\|")))), "books"))
                .hasSize(isDivergence ? 1 : 0);
    }

    private static Definitions memberships(Map<String, Set<String>> memberships) {
        return new Definitions(Map.of(), Map.of(), Map.of(), memberships);
    }

    private static Definitions facts(Map<String, Set<String>> facts) {
        return new Definitions(facts, Map.of(), Map.of(), Map.of());
    }

    private static String mark(String... parts) {
        return String.join(AttachedPartition.SEPARATOR, parts);
    }

    private static Definitions partitions(String... marks) {
        Set<String> oids =
                Stream.of(marks).map(mark -> AttachedPartition.of(mark).oid()).collect(Collectors.toSet());
        return new Definitions(
                Map.of(), Map.of("public.orders", oids), Map.of(), Map.of(), Map.of("public.orders", Set.of(marks)));
    }
}
