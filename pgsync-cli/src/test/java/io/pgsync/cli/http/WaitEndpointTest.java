package io.pgsync.cli.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.runtime.report.RunFigures.IndexFigures;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitEndpointTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @ParameterizedTest
    @CsvSource({
        "false, lsn=0/0,              200, position",
        "false, lsn=0/0&index=books,  200, position",
        "true,  lsn=0/0&index=books,  503, schema-drift: books",
        "true,  lsn=0/0,              503, schema-drift: books",
        "false, lsn=0/0&index=others, 404, not followed here",
        "false, lsn=0/1&timeout=0.01, 504, not stored after",
        "false, lsn=0/1&timeout=1e-2, 504, not stored after",
        "false, lsn=0/1&timeout=1e300, 400, from 0 to 86400: \\\"1e300",
        "false, lsn=0/1&timeout=NaN, 400, from 0 to 86400: \\\"NaN",
        "false, lsn=0/1&timeout=Infinity, 400, from 0 to 86400",
        "false, lsn=0/1&timeout=-1,  400, from 0 to 86400: \\\"-1",
        "false, lsn=0/1&timeout=86401, 400, from 0 to 86400",
        "false, lsn=0/1&timeout=.,   400, from 0 to 86400"
    })
    void promisesOnlyWhatCanBeRead(boolean drifted, String query, int status, String words) {
        var database = new FixedDatabase(
                "shop",
                true,
                new IndexFigures(
                        0, 0, 0, 0, 0, true, Optional.of(Kind.SCHEMA_DRIFT).filter(kind -> drifted)));

        Answer answer =
                new WaitEndpoint(List.of(database)).answer("/wait?" + query).block(PATIENCE);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).contains(words);
    }
}
