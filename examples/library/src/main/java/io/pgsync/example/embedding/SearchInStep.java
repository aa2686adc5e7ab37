package io.pgsync.example.embedding;

import io.pgsync.core.change.Lsn;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import io.pgsync.replication.connection.PostgresSettings;
import io.pgsync.runtime.Pgsync;
import io.pgsync.runtime.RunningPgsync;
import io.pgsync.runtime.config.PgsyncConfig;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Follows a database from inside an application until it is closed. */
public final class SearchInStep implements AutoCloseable {
    private final RunningPgsync running;

    private SearchInStep(RunningPgsync running) {
        this.running = running;
    }

    /** Makes what is missing on both servers first; blocks as long as that takes. */
    public static SearchInStep start(Path schema, PostgresSettings postgres, String elasticsearch) {
        Pgsync pgsync = Pgsync.of(PgsyncConfig.builder(schema)
                .postgres(postgres)
                .elasticsearch(ElasticsearchSettings.of(elasticsearch))
                .build());
        pgsync.bootstrap().block();
        return new SearchInStep(pgsync.start());
    }

    /** Completes when a search finds everything that was committed up to {@code position}. */
    public CompletableFuture<@Nullable Void> readable(String position) {
        return running.awaitReadable(Lsn.parse(position)).toFuture();
    }

    /** Returns when everything under way is stored and confirmed; fails with what made it end before. */
    @Override
    public void close() {
        running.close();
    }
}
