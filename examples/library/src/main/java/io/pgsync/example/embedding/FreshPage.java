package io.pgsync.example.embedding;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.freshness.ReadYourWrites;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A page that shows books, with what its reader has just saved. */
public final class FreshPage {
    private final ReadYourWrites writes;

    /** {@code pgsync}: where its {@code PGSYNC_HTTP_PORT} is, as in {@code http://127.0.0.1:9100}. */
    public FreshPage(URI pgsync) {
        writes = ReadYourWrites.at(pgsync);
    }

    /** {@code position}: what {@code SELECT pg_current_wal_lsn()} said after the commit. */
    public CompletableFuture<Void> show(String position, String index, Runnable page) {
        return writes.awaitReadable(Lsn.parse(position), index, Duration.ofSeconds(30))
                .thenRun(page);
    }
}
