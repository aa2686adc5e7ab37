package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.runtime.config.BackfillOrder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** A publication was dropped and made again behind changes that the slot has yet to stream. */
class RemadePublicationIT {
    @TempDir
    private Path directory;

    /** Up to version 17 a server cannot stream such changes at all; from 18 on it leaves them out without a word. */
    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void whatWasMissedIsLoadedOrNamed(int version) throws Exception {
        try (EmbeddedPostgres server =
                        EmbeddedPostgres.builder().majorVersion(version).start();
                Shop shop = Shop.open(server, directory)) {
            Commands sync = shop.sync(Map.of());
            sync.bootstrap();
            sync.catchUp(Mono.never());
            String tables = shop.ask("SELECT string_agg(format('%I.%I', schemaname, tablename), ', ')"
                    + " FROM pg_publication_tables WHERE pubname = '" + shop.slot() + "'");
            shop.execute("DROP PUBLICATION " + shop.slot());
            shop.execute("UPDATE book SET title = 'Unseen' WHERE id = 1");
            shop.execute("CREATE PUBLICATION " + shop.slot() + " FOR TABLE " + tables
                    + " WITH (publish_via_partition_root = true)");

            assertThat(sync.bootstrap()).isEqualTo(ExitCode.OK);
            ExitCode code = sync.catchUp(Mono.never());

            if (version >= 18) {
                assertThat(code).isEqualTo(ExitCode.GAP);
                assertThat(shop.get("/pgsync_state/_doc/" + shop.index())).contains("PUBLICATION_CHANGED");
                sync.backfill(BackfillOrder.of(shop.index()), Mono.never());
            }
            assertThat(shop.differences()).isEmpty();
        }
    }
}
