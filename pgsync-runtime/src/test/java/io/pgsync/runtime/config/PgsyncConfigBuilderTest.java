package io.pgsync.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.pipeline.PipelineSettings;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import io.pgsync.replication.connection.PostgresSettings;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PgsyncConfigBuilderTest {
    private static final PostgresSettings SERVER = PostgresSettings.plain("db", 5432, "postgres", "pgsync", "");
    private static final ElasticsearchSettings ENGINE = ElasticsearchSettings.of("http://engine:9200");

    private static final SchemaText SCHEMA = new SchemaText("schema.json", false, "[]");

    private final PgsyncConfigBuilder builder = PgsyncConfig.builder(SCHEMA);

    @Test
    void oneServerHasAllDatabasesOfTheFile() {
        PgsyncConfig config = builder.postgres(SERVER).elasticsearch(ENGINE).build();

        assertThat(config.servers().postgres().apply("shop")).isEqualTo(SERVER.withDatabase("shop"));
    }

    @Test
    void nothingBesidesTheServersHasToBeSaid() {
        PgsyncConfig config = builder.postgres(SERVER).elasticsearch(ENGINE).build();

        assertThat(config.names()).isEqualTo(GivenNames.NONE);
        assertThat(config.bounds().wal()).isEqualTo(new WalLimit(Optional.empty(), false));
        assertThat(config.bounds().pipeline()).isEqualTo(PipelineSettings.DEFAULT);
        assertThat(config.mapping()).isEqualTo(MappingMode.TYPES);
        assertThat(config.insertOnly()).isEmpty();
        assertThat(config.variables()).isEmpty();
        assertThat(config.extras().plugins()).isEmpty();
        assertThat(config.extras().deadLetters()).isEqualTo(Path.of("pgsync-refused.jsonl"));
    }

    @Test
    void aServerThatIsMissingIsNamed() {
        refused(PgsyncConfig.builder(SCHEMA).elasticsearch(ENGINE), "PostgreSQL");
        refused(PgsyncConfig.builder(SCHEMA).postgres(SERVER), "search engine");
    }

    private static void refused(PgsyncConfigBuilder half, String server) {
        assertThatThrownBy(half::build)
                .isInstanceOfSatisfying(
                        SyncException.class,
                        failure -> assertThat(failure.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining(server);
    }
}
