package io.pgsync.elasticsearch.examination;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.failure.Finding;
import io.pgsync.elasticsearch.Trees;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlocksTest {
    /** OpenSearch refuses to take two settings of a read-only cluster away in one request. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "persistent | {\"persistent\":{\"cluster.blocks.read_only\":\"true\",\"cluster.blocks.read_only_allow_delete\":\"true\"},\"transient\":{}}",
                "transient | {\"transient\":{\"cluster.blocks.read_only\":\"true\",\"cluster.blocks.read_only_allow_delete\":\"true\"},\"persistent\":{}}"
            })
    void eachBlockOfTheClusterIsTakenAwayByItselfAndWhereItIs(String level, String settings) {
        var blocks = new Blocks("books", Trees.json("{\"blocks\":{\"global\":{\"6\":{},\"13\":{}}}}"));

        List<Finding> found = blocks.ofCluster(Trees.json(settings));

        assertThat(found)
                .extracting(Finding::remedy)
                .containsExactlyInAnyOrder(
                        "PUT /_cluster/settings {\"%s\": {\"cluster.blocks.read_only\": null}}".formatted(level),
                        "PUT /_cluster/settings {\"%s\": {\"cluster.blocks.read_only_allow_delete\": null}}"
                                .formatted(level));
    }
}
