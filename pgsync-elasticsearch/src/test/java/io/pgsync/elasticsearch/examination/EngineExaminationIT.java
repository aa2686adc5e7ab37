package io.pgsync.elasticsearch.examination;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import io.pgsync.elasticsearch.Engine;
import io.pgsync.elasticsearch.bulk.Sinks;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever keeps an index from being written is said, and what is said to mend it does. */
class EngineExaminationIT {
    private final Engine engine = Engine.shared();
    private final String index = engine.createIndex();

    @AfterEach
    void close() {
        Stream.of("read_only", "read_only_allow_delete").forEach(block -> setOnCluster(block, "null"));
        engine.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "write | takes no writes (index.blocks.write)",
                "read_only | read-only (index.blocks.read_only)",
                "read_only_allow_delete | read-only, because a disk was full (index.blocks.read_only_allow_delete)",
                "read | takes no searches (index.blocks.read)",
                "metadata | shows neither settings nor mapping (index.blocks.metadata)"
            })
    void aBlockOfTheIndexIsAProblemThatItsRemedyMends(String block, String message) {
        engine.send("PUT", "/" + index + "/_settings", "{\"index.blocks." + block + "\": true}");

        List<Finding> found = about("index " + index, index);
        mend(found);

        assertThat(found).extracting(Finding::severity).containsExactly(Severity.PROBLEM);
        assertThat(found).extracting(Finding::message).containsExactly(message);
        assertThat(about("index " + index, index)).containsExactly(Finding.fine("index " + index, "takes writes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"read_only", "read_only_allow_delete"})
    void aBlockOfTheClusterIsAProblemThatItsRemedyMends(String block) {
        setOnCluster(block, "true");

        List<Finding> found = problems(index);
        List<Finding> ofIndex = about("index " + index, index);
        mend(found);

        assertThat(found).extracting(Finding::subject).containsExactly("cluster");
        assertThat(found.get(0).message()).endsWith("(cluster.blocks." + block + ")");
        assertThat(ofIndex).as("nobody says that it takes writes").isEmpty();
        assertThat(problems(index)).isEmpty();
    }

    @Test
    void aClosedIndexIsAProblemThatItsRemedyMends() {
        engine.send("POST", "/" + index + "/_close", "");

        List<Finding> found = about("index " + index, index);
        mend(found);

        assertThat(found).extracting(Finding::message).containsExactly("closed");
        assertThat(problems(index)).isEmpty();
    }

    /** The name in the schema file may be an alias: block and mark are those of the index behind it. */
    @Test
    void ourOwnBlockThatWasLeftBehindIsNoProblem() {
        String alias = index + ".alias";
        engine.send("PUT", "/" + index + "/_alias/" + alias, "{}");
        engine.send("PUT", "/" + index + "/_block/write", "");
        assertThat(about("index " + alias, alias)).extracting(Finding::severity).containsExactly(Severity.PROBLEM);

        engine.send("PUT", "/" + index + "/_alias/" + index + "_pgsync_draining_1", "{}");
        List<Finding> left = about("index " + alias, alias);
        Sinks.takeOver(engine, alias, 1);

        assertThat(left).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.message()).contains("left its write block behind, which the next start removes");
        });
        assertThat(about("index " + alias, alias)).containsExactly(Finding.fine("index " + alias, "takes writes"));
    }

    @Test
    void aBlockOfTheIndexWithOurStatesIsAProblem() {
        String states = ElasticsearchSettings.STATE_INDEX;
        String path = "/" + states;
        if (engine.get(path).has("error")) {
            engine.send("PUT", path, "{}");
        }
        engine.send("PUT", path + "/_block/write", "");

        List<Finding> found = about("index " + states, index);
        mend(found);

        assertThat(found).extracting(Finding::message).containsExactly("takes no writes (index.blocks.write)");
        assertThat(about("index " + states, index)).isEmpty();
    }

    private void setOnCluster(String block, String value) {
        String setting = "{\"cluster.blocks." + block + "\": " + value + "}";
        engine.send("PUT", "/_cluster/settings", "{\"persistent\": " + setting + "}");
    }

    /** As the remedies have it: method, path and body. */
    private void mend(List<Finding> findings) {
        for (Finding finding : findings) {
            String[] parts = finding.remedy().split(" ", 3);
            engine.send(parts[0], parts[1], parts.length == 3 ? parts[2] : "");
        }
    }

    private List<Finding> problems(String planned) {
        return examine(planned).stream()
                .filter(finding -> finding.severity() == Severity.PROBLEM)
                .toList();
    }

    private List<Finding> about(String subject, String planned) {
        return examine(planned).stream()
                .filter(finding -> finding.subject().equals(subject))
                .toList();
    }

    private List<Finding> examine(String planned) {
        ObjectNode none = JsonNodeFactory.instance.objectNode();
        return new EngineExamination(engine.connection())
                .examine(List.of(new PlannedIndex(planned, none, none, List.of(), List.of())))
                .block(Engine.PATIENCE);
    }
}
