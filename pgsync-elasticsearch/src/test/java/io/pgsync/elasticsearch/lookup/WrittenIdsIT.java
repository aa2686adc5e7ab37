package io.pgsync.elasticsearch.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.elasticsearch.Engine;
import io.pgsync.elasticsearch.lookup.WrittenIds.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrittenIdsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int DOCUMENTS = 2_000;

    private final Engine engine = Engine.shared();

    @AfterEach
    void close() {
        engine.close();
    }

    /** Documents of several shards have the same number; pages of one document are smaller than their number. */
    @ParameterizedTest
    @CsvSource({"1, 700", "3, 700", "3, 1"})
    void noPageLeavesADocumentOut(int shards, int size) {
        String index = engine.createIndex(shards);
        int documents = size == 1 ? 50 : DOCUMENTS;
        write(index, 0, documents);

        List<String> found = walk(index, size, page -> {});

        assertThat(found).containsAll(ids(documents)).hasSizeLessThan(documents + shards * documents / size + shards);
    }

    @Test
    void whereMostDocumentsWereWrittenAgainTheOthersAreFound() {
        String index = engine.createIndex(1);
        write(index, 0, 1_000);
        for (int again = 0; again < 5; again++) {
            write(index, 10, 1_000);
        }

        assertThat(Set.copyOf(walk(index, 20, page -> {}))).isEqualTo(Set.copyOf(ids(1_000)));
    }

    /** What is written while somebody walks is never behind him, and may be behind the end. */
    @Test
    void documentsThatAreWrittenMeanwhileHideNoOthers() {
        String index = engine.createIndex(1);
        write(index, 0, 300);

        List<String> found = walk(index, 50, page -> write(index, page * 10, page * 10 + 60));

        assertThat(Set.copyOf(found)).hasSizeBetween(100, 299).contains("299", "298", "297");
    }

    @Test
    void anIndexWithoutDocumentsHasNoNumber() {
        String index = engine.createIndex(1);

        assertThat(new WrittenIds(engine.connection(), index).last().block(PATIENCE))
                .isEqualTo(-1);
    }

    private List<String> walk(String index, int size, IntConsumer betweenPages) {
        var written = new WrittenIds(engine.connection(), index);
        long last = written.last().block(PATIENCE);
        List<String> found = new ArrayList<>();
        long from = 0;
        for (int page = 1; from <= last; page++) {
            Page next = written.page(from, last, size).block(PATIENCE);
            assertThat(next.next()).isGreaterThan(from);
            found.addAll(next.ids());
            from = next.next();
            betweenPages.accept(page);
        }
        return found;
    }

    private void write(String index, int from, int to) {
        engine.send(
                "POST",
                "/" + index + "/_bulk?refresh=true",
                IntStream.range(from, to)
                        .mapToObj(id -> "{\"index\":{\"_id\":\"" + id + "\"}}\n{}\n")
                        .collect(Collectors.joining()));
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
}
