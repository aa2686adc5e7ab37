package io.pgsync.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.runtime.source.Databases;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;

class WalkTest {
    private static final int STEP = 1_000;

    private final DocumentTree tree = Databases.tree("books");
    private final RowsInMemory rows = new RowsInMemory(look -> {});

    @Test
    void allRootsAreReadOnceAndInOrder() {
        roots(2_345);

        assertThat(ids(1, 7)).hasSize(2_345).doesNotHaveDuplicates().first().isEqualTo("1");
        assertThat(rows.reads).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"0.01, 50000", "0.1, 3000", "0.5, 2000", "0.99, 5000", "0.001, 200000"})
    void aSampleHasAboutItsSizeAndIsSpreadOverAllKeys(double sample, int roots) {
        roots(roots);

        List<String> found = ids(sample, 7);

        assertThat(found).doesNotHaveDuplicates();
        assertThat((double) found.size()).isBetween(roots * sample * 0.6, roots * sample * 1.4 + 10);
        assertThat(rows.reads.size()).isGreaterThan(3);
        int last = Integer.parseInt(found.get(found.size() - 1));
        assertThat(last).isGreaterThan(roots / 2);
    }

    @Test
    void eachRootMayBeInASample() {
        roots(200);
        var seen = new HashSet<String>();

        for (int seed = 0; seed < 400; seed++) {
            seen.addAll(ids(0.1, seed));
        }

        assertThat(seen).hasSize(200);
    }

    @Test
    void aSampleOfFewRootsIsNotEmpty() {
        roots(3);

        for (int seed = 0; seed < 20; seed++) {
            assertThat(ids(0.001, seed)).hasSize(3);
        }
    }

    @Test
    void underAConditionRootsAreChosenOneByOne() {
        roots(3_000);

        List<String> found = new Walk(tree, rows, STEP, 0.1, new Random(7))
                .parts("id > 0")
                .concatMap(part -> part)
                .map(DocumentChange::id)
                .collectList()
                .block();

        assertThat(found).hasSizeBetween(200, 400).doesNotHaveDuplicates();
    }

    private void roots(int count) {
        for (int i = 1; i <= count; i++) {
            rows.write(i, "{}");
        }
    }

    private List<String> ids(double sample, long seed) {
        rows.reads.clear();
        Flux<Flux<DocumentChange>> parts = new Walk(tree, rows, STEP, sample, new Random(seed)).parts();
        return parts.concatMap(part -> part)
                .map(DocumentChange::id)
                .collectList()
                .block();
    }
}
