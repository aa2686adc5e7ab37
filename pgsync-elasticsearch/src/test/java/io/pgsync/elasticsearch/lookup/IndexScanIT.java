package io.pgsync.elasticsearch.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.elasticsearch.Engine;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexScanIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int DOCUMENTS = 12_000;

    private final Engine engine = Engine.shared();

    @AfterEach
    void close() {
        engine.close();
    }

    /** Several pages from each shard: where a page ends, documents of other shards have the same place in the order. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void noPageLeavesADocumentOut(int shards) {
        String index = engine.createIndex(shards);
        engine.send("POST", "/" + index + "/_bulk", documents());
        var scan = new IndexScan(engine.connection());
        scan.refresh(index).block(PATIENCE);

        List<String> found = scan.ids(index, SearchClause.all()).collectList().block(PATIENCE);

        assertThat(found).hasSize(DOCUMENTS).doesNotHaveDuplicates();
    }

    private static String documents() {
        return IntStream.range(0, DOCUMENTS)
                .mapToObj(id -> "{\"index\":{\"_id\":\"" + id + "\"}}\n{}\n")
                .collect(Collectors.joining());
    }
}
