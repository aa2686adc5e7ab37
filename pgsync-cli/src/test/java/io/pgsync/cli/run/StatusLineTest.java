package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.runtime.report.DocumentReads;
import io.pgsync.runtime.report.RunFigures;
import io.pgsync.runtime.report.RunFigures.IndexFigures;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusLineTest {
    @Test
    void tellsPositionLagRateAndQueue() {
        var books = new IndexFigures(1_200, 3, 0, 0, 10, true, Optional.empty());
        var figures = new RunFigures(
                "shop",
                true,
                1_500,
                240.4,
                new Lsn(256),
                Duration.ofSeconds(75),
                17,
                0,
                DocumentReads.NONE,
                Map.of("book", books),
                Optional.empty(),
                Optional.empty());

        assertThat(new StatusLine(true).of(figures))
                .isEqualTo("Sync shop: changes [1,500] => documents [1,200] at 0/100, behind 0 B and 1 min 15 s, "
                        + "240/s, 17 waiting");
        assertThat(new StatusLine(false).of(figures)).contains("[1500]");
    }
}
