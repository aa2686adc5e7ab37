package io.pgsync.cli.demo;

import io.pgsync.embedded.DownloadListener;
import io.pgsync.embedded.ServerInstance;
import io.pgsync.embedded.StopSignal;
import io.pgsync.embedded.elasticsearch.EmbeddedEngine;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * The servers of the tour and a directory for its files; all of it is removed by {@link #close} or at the end of the
 * process.
 */
record DemoServers(EmbeddedPostgres postgres, EmbeddedEngine engine, ServerInstance files) implements AutoCloseable {
    private static final String HEAP = "512m";

    /** Starts both servers at the same time; blocks until they answer. */
    static DemoServers start(DemoEngine choice, DownloadListener downloads) {
        CompletableFuture<EmbeddedEngine> engine = inBackground(() ->
                choice.builder().heap(HEAP).fullSpeed().onDownload(downloads).start());
        // If this fails, the server that the other thread starts ends with the process.
        var postgres = EmbeddedPostgres.builder().onDownload(downloads).start();
        return joined(postgres, engine);
    }

    Path write(String name, String content) {
        return files.write(name, content);
    }

    @Override
    public void close() {
        engine.close();
        postgres.close();
        files.close();
    }

    private static DemoServers joined(EmbeddedPostgres postgres, CompletableFuture<EmbeddedEngine> engine) {
        try {
            return new DemoServers(postgres, engine.join(), ServerInstance.create("demo", StopSignal.TERM));
        } catch (CompletionException e) {
            postgres.close();
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }

    private static <T> CompletableFuture<T> inBackground(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> {
            var thread = new Thread(task, "pgsync-demo-start");
            thread.setDaemon(true);
            thread.start();
        });
    }
}
