package io.pgsync.replication.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.KeyRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

class KeyRangesIT {
    private static final String PAIRS = """
            CREATE TABLE p (zone int, area text, PRIMARY KEY (zone, area));
            INSERT INTO p SELECT i / 10, chr(65 + i %% 10) FROM generate_series(0, %d) i;
            """;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 20, 21, 36})
    void rangesCoverEveryRootOnceWhateverTheirNumber(int last) {
        try (var pairs = QueryFixture.of(PAIRS.formatted(last), "{'table': 'p'}")) {
            List<KeyRange> ranges = QueryFixture.collect(pairs.reader().ranges(pairs.tree(), Optional.empty(), 7));

            List<String> ids = idsOf(pairs, ranges);
            assertThat(ids).hasSize(last + 1).doesNotHaveDuplicates();
            assertThat(ranges.get(ranges.size() - 1).last()).isEmpty();
            for (int i = 1; i < ranges.size(); i++) {
                assertThat(ranges.get(i).after()).isEqualTo(ranges.get(i - 1).last());
            }
        }
    }

    @Test
    void aRangeGoesOnBehindAKey() {
        try (var pairs = QueryFixture.of(PAIRS.formatted(36), "{'table': 'p'}")) {
            List<String> all =
                    idsOf(pairs, QueryFixture.collect(pairs.reader().ranges(pairs.tree(), Optional.empty(), 100)));
            KeyRange first = QueryFixture.collect(pairs.reader().ranges(pairs.tree(), Optional.empty(), 11))
                    .get(0);

            List<String> rest =
                    idsOf(pairs, QueryFixture.collect(pairs.reader().ranges(pairs.tree(), first.last(), 5)));

            assertThat(rest).hasSize(all.size() - 11);
        }
    }

    @Test
    void aChunkOfACompositeKeyIsFoundByTheIndexOfThePrimaryKey() {
        try (var pairs = QueryFixture.of(PAIRS.formatted(20_000), "{'table': 'p'}")) {
            pairs.database().execute("ANALYZE p");
            String sql = new DocumentSql(pairs.tree())
                    .chunkEnds(true, 10)
                    .replace("$1", "'C'")
                    .replace("$2", "'100'");

            String plan = pairs.database()
                    .connections()
                    .query("EXPLAIN " + sql, row -> row.get(0, String.class))
                    .collectList()
                    .block()
                    .toString();

            assertThat(plan).contains("p_pkey").doesNotContain("Sort");
        }
    }

    @Test
    void aRowThatCannotBeCountedOverEndsTheRangeBeforeItAndThenTheDocument() {
        String view = """
                CREATE FUNCTION chk(id int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
                  IF id = 7 THEN RAISE EXCEPTION 'no %', id; END IF; RETURN true; END $$;
                CREATE TABLE base (id int PRIMARY KEY);
                INSERT INTO base SELECT generate_series(1, 20000);
                ANALYZE base;
                CREATE VIEW seen AS SELECT * FROM base WHERE chk(id);
                """;
        try (var seen = QueryFixture.of(view, "{'table': 'seen', 'primary_key': ['id']}")) {
            var ranges = new ArrayList<KeyRange>();

            assertThatThrownBy(() -> seen.reader()
                            .ranges(seen.tree(), Optional.empty(), 4)
                            .doOnNext(ranges::add)
                            .blockLast(Duration.ofSeconds(60)))
                    .isInstanceOf(DivergenceException.class)
                    .hasMessageContaining("no 7");

            assertThat(ranges)
                    .extracting(range -> range.last().orElseThrow().get(0))
                    .containsExactly("4", "6");
        }
    }

    @Test
    void nothingIsCutAheadOfDemand() {
        try (var pairs = QueryFixture.of(PAIRS.formatted(36), "{'table': 'p'}")) {
            StepVerifier.create(pairs.reader().ranges(pairs.tree(), Optional.empty(), 5), 1)
                    .expectNextCount(1)
                    .thenCancel()
                    .verify();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 7, 100})
    void theRootsThatMatchAConditionComeInPagesAndInOrder(int size) {
        try (var pairs = QueryFixture.of(PAIRS.formatted(36), "{'table': 'p'}")) {
            Function<Optional<List<String>>, List<List<RootKey>>> pagesAfter = after -> QueryFixture.collect(
                    pairs.reader().matching(pairs.tree(), "area < 'C' AND zone > 0 -- two of ten", after, size));

            List<List<RootKey>> pages = pagesAfter.apply(Optional.empty());

            List<List<String>> keys =
                    pages.stream().flatMap(List::stream).map(RootKey::key).toList();
            assertThat(keys).hasSize(6).doesNotHaveDuplicates();
            assertThat(pages.get(pages.size() - 1)).hasSizeLessThan(size);
            assertThat(pagesAfter.apply(Optional.of(keys.get(3))).stream().flatMap(List::stream))
                    .extracting(RootKey::key)
                    .isEqualTo(keys.subList(4, 6));
        }
    }

    private static List<String> idsOf(QueryFixture fixture, List<KeyRange> ranges) {
        var ids = new ArrayList<String>();
        for (KeyRange range : ranges) {
            QueryFixture.collect(fixture.reader().read(fixture.tree(), range)).stream()
                    .map(DocumentChange::id)
                    .forEach(ids::add);
        }
        return ids;
    }
}
