package io.pgsync.cli.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.runtime.report.RunFigures.IndexFigures;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HealthTest {
    @ParameterizedTest
    @CsvSource({
        "false, true,  , 503, starting",
        "true,  false, , 503, loading",
        "true,  true,  , 200, following",
        "true,  true,  SCHEMA_DRIFT, 503, schema-drift",
        "true,  false, SCHEMA_DRIFT, 503, schema-drift"
    })
    void readyIsOneThatFollowsAllOfItsDocuments(
            boolean following, boolean loaded, Kind divergence, int status, String state) {
        Answer ready = ready(following, loaded, Optional.ofNullable(divergence));

        assertThat(ready.status()).isEqualTo(status);
        assertThat(ready.body()).contains("\"shop\":\"" + state + "\"");
    }

    @ParameterizedTest
    @EnumSource
    void noneIsReadyWhoseIndexMayBeWrongAndItsNameSaysHow(Kind kind) {
        Answer ready = ready(true, true, Optional.of(kind));

        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.body()).contains("\"shop\":\"" + kind.word() + "\"");
    }

    private static Answer ready(boolean following, boolean loaded, Optional<Kind> divergence) {
        var figures = new IndexFigures(0, 0, 0, 0, 0, loaded, divergence);
        return new Health(List.of(new FixedDatabase("shop", following, figures))).ready();
    }
}
