package io.pgsync.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.bulk.ElasticsearchOwnership;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineVersionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    private final StubEngine engine = stubbed.engine();
    private final ElasticsearchConnection connection = stubbed.connection();

    @ParameterizedTest
    @CsvSource({
        "ELASTICSEARCH, 7.17.29, false, false",
        "ELASTICSEARCH, 8.0.0, true, false",
        "ELASTICSEARCH, 8.18.1, true, false",
        "ELASTICSEARCH, 8.19.21, true, true",
        "ELASTICSEARCH, 8.20.0, true, true",
        "ELASTICSEARCH, 9.5.3-SNAPSHOT, true, true",
        "ELASTICSEARCH, 10.0.0, true, false",
        "ELASTICSEARCH, '', false, false",
        "ELASTICSEARCH, none, false, false",
        "OPENSEARCH, 1.3.20, false, false",
        "OPENSEARCH, 2.3.0, false, false",
        "OPENSEARCH, 2.4.0, true, false",
        "OPENSEARCH, 2.19.3, true, true",
        "OPENSEARCH, 3.0.0, true, false",
        "OPENSEARCH, 3.6.0, true, true",
        "OPENSEARCH, 4.0.0, true, false"
    })
    void knowsWhatIsSupportedAndWhatWasTried(EngineKind kind, String number, boolean supported, boolean tried) {
        var version = new EngineVersion(kind, number);

        assertThat(version.isSupported()).isEqualTo(supported);
        assertThat(version.isTried()).isEqualTo(tried);
    }

    @Test
    void aClaimOfAnEngineThatIsTooOldFailsBeforeItTakesAnything() {
        engine.scriptIdentity();
        engine.then(200, node("7.17.29"));
        var ownership = new ElasticsearchOwnership(connection, BulkSettings.DEFAULT);

        assertThatThrownBy(
                        () -> ownership.takeOver(Trees.books("books", "id"), 1).block(PATIENCE))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining("Elasticsearch 7.17.29 is too old. Upgrade it to version 8.19 or 9.5.");
        assertThat(engine.paths()).containsExactly("/_nodes/_local");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"nodes\":{}}", "{\"nodes\":{\"x\":{\"version\":\"\"}}}"})
    void anEngineThatTellsNoVersionIsAskedAgain(String answer) {
        engine.scriptIdentity();
        engine.then(200, answer);

        assertThatThrownBy(() -> connection.check().block(PATIENCE))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.RETRY))
                .hasMessageContaining("did not tell its version");

        engine.then(200, node("9.5.3")).then(200, "{}");
        connection.check().block(PATIENCE);
    }

    private static String node(String version) {
        return "{\"nodes\":{\"x\":{\"version\":\"" + version + "\"}}}";
    }
}
