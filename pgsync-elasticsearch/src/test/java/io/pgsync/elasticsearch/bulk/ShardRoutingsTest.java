package io.pgsync.elasticsearch.bulk;

import static io.pgsync.elasticsearch.StubbedConnection.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.StubEngine;
import io.pgsync.elasticsearch.StubEngine.Reply;
import io.pgsync.elasticsearch.StubbedConnection;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The nodes of OpenSearch have fewer fields in these answers than those of Elasticsearch. */
class ShardRoutingsTest {
    private static final String NODES = "\"nodes\":{\"n\":{\"name\":\"a\",\"ephemeral_id\":\"e\",\"attributes\":{}}}";

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    private final StubEngine engine = stubbed.engine();

    @BeforeEach
    void beOpenSearch() {
        engine.beOpenSearch();
        stubbed.connection().check().block(PATIENCE);
        engine.scriptEverything();
        engine.requests().clear();
    }

    @Test
    void oneRoutingIsFoundForEachShard() {
        answers("{\"books\":{\"settings\":{}}}", shards(0, 1), shards(1), shards(1), shards(0));

        assertThat(routings()).containsExactly("0", "2");
        assertThat(engine.requests())
                .containsExactly(
                        "GET /books/_settings?flat_settings=true",
                        "POST /books/_search_shards",
                        "POST /books/_search_shards?routing=0",
                        "POST /books/_search_shards?routing=1",
                        "POST /books/_search_shards?routing=2");
    }

    @Test
    void anIndexInWhichARoutingDoesNotNameOneShardIsRefused() {
        answers("{\"books\":{\"settings\":{\"index.routing_partition_size\":\"2\"}}}");

        assertThatThrownBy(this::routings)
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining("index.routing_partition_size above 1");
    }

    @Test
    void anAnswerWithoutShardsIsNone() {
        answers("{\"books\":{\"settings\":{}}}", "{" + NODES + ",\"shards\":[]}");

        assertThatThrownBy(this::routings)
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.RETRY))
                .hasMessageContaining("did not tell the shards of index \"books\"");
    }

    private List<String> routings() {
        return new ShardRoutings(stubbed.connection()).of("books").block(PATIENCE);
    }

    private void answers(String... bodies) {
        Arrays.stream(bodies).forEach(body -> engine.then(request -> Reply.openSearch(200, body)));
    }

    private static String shards(int... numbers) {
        return IntStream.of(numbers)
                .mapToObj(
                        "[{\"index\":\"books\",\"node\":\"n\",\"primary\":true,\"state\":\"STARTED\",\"shard\":%d}]"
                                ::formatted)
                .collect(Collectors.joining(",", "{" + NODES + ",\"indices\":{},\"shards\":[", "]}"));
    }
}
