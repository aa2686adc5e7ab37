package io.pgsync.cli.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.cli.status.RunFigures.IndexFigures;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTest {
    @ParameterizedTest
    @CsvSource({
        "false, true,  false, 503, starting",
        "true,  false, false, 503, loading",
        "true,  true,  false, 200, following",
        "true,  true,  true,  503, schema-drift",
        "true,  false, true,  503, schema-drift"
    })
    void readyIsOneThatFollowsAllOfItsDocuments(
            boolean following, boolean loaded, boolean drifted, int status, String state) {
        var health = new Health(
                List.of(new FixedDatabase("shop", following, new IndexFigures(0, 0, 0, 0, 0, loaded, drifted))));

        assertThat(health.ready().status()).isEqualTo(status);
        assertThat(health.ready().body()).contains("\"shop\":\"" + state + "\"");
    }
}
