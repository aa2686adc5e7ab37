package io.pgsync.cli.demo;

import io.pgsync.cli.config.Environment;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.Logging;
import io.pgsync.cli.console.Terminal;
import io.pgsync.cli.console.Terminal.Style;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.cli.run.Commands;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.replication.connection.PostgresSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** {@code pgsync demo}: starts the servers, runs the same bootstrap and daemon as a user would, and leads through the tour. */
public final class Demo {
    private static final Duration LOAD_PATIENCE = Duration.ofMinutes(1);

    private final Terminal out;
    private final Terminal messages;
    private final DemoEngine engine;

    /** {@code out} shows the tour, {@code messages} the log of the daemon. */
    public Demo(Terminal out, Terminal messages, DemoEngine engine) {
        this.out = out;
        this.messages = messages;
        this.engine = engine;
    }

    /** Blocks until the tour is over or, unless {@code once}, until the process is asked to end. */
    public ExitCode run(boolean once) {
        out.line(out.styled(Style.BOLD, "pgsync demo: a book shop in PostgreSQL, its documents in " + engine.label()));
        out.line("");
        // The servers end together with the process; what the daemon says about that is not news.
        Runtime.getRuntime().addShutdownHook(new Thread(Logging::silence, "pgsync-demo-silence"));
        var downloads = new DownloadProgress(out);
        try (DemoServers servers =
                timed("PostgreSQL and " + engine.label() + " started", () -> DemoServers.start(engine, downloads))) {
            servers.postgres().createDatabase(Bookshop.DATABASE);
            return run(servers, once);
        }
    }

    private ExitCode run(DemoServers servers, boolean once) {
        var documents = new IndexedDocuments(servers.engine().url());
        try (Bookshop shop = Bookshop.open(connection(servers.postgres()))) {
            timed("Book shop created: six tables, twelve books", () -> {
                shop.execute(Bookshop.resource("bookshop.sql"));
                return shop;
            });
            var sync = new Commands(settings(servers), messages);
            timed("pgsync bootstrap: publication, slot, index, state", sync::bootstrap);
            try (BackgroundDaemon daemon = BackgroundDaemon.start(sync)) {
                timed("pgsync --daemon: every book loaded", () -> awaitLoad(shop, documents, daemon));
                timed("Rehearsed, with rows that are gone again: the code is warm", () -> {
                    Rehearsal.run(new ShopChanges(shop, documents));
                    return shop;
                });
                boolean right = new Tour(out, shop, documents).run();
                if (!once) {
                    explain(servers, documents);
                    new CountDownLatch(1).await();
                }
                return right ? ExitCode.OK : ExitCode.FAILURE;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return ExitCode.OK;
            }
        }
    }

    private static Bookshop awaitLoad(Bookshop shop, IndexedDocuments documents, BackgroundDaemon daemon) {
        ExpectedDocuments expected = ExpectedDocuments.of(shop);
        List<Integer> missing =
                documents.awaitEqual(List.copyOf(expected.byId().keySet()), expected.byId(), LOAD_PATIENCE);
        daemon.failIfEnded();
        if (!missing.isEmpty()) {
            throw new IllegalStateException("These books did not arrive as plain SELECTs have them: " + missing);
        }
        return shop;
    }

    private static PostgresSettings connection(EmbeddedPostgres server) {
        return PostgresSettings.plain(
                server.host(), server.port(), Bookshop.DATABASE, server.user(), server.password());
    }

    private static Settings settings(DemoServers servers) {
        Path schema = servers.write("schema.json", Bookshop.resource("schema.json"));
        return Settings.read(Environment.of(Map.of(
                "SCHEMA", schema.toString(),
                "PG_URL", servers.postgres().url(Bookshop.DATABASE),
                "ELASTICSEARCH_URL", servers.engine().url().toString(),
                "PGSYNC_DEAD_LETTERS", schema.resolveSibling("refused.jsonl").toString())));
    }

    private void explain(DemoServers servers, IndexedDocuments documents) {
        out.line("");
        out.line(out.styled(Style.BOLD, "Your turn"));
        out.line("  psql " + servers.postgres().url(Bookshop.DATABASE));
        out.line("  curl '" + documents.address(1) + "?pretty'");
        out.line("");
        out.line("  Ctrl-C ends the demo and removes everything it made.");
    }

    private <T> T timed(String what, Supplier<T> work) {
        long start = System.nanoTime();
        out.live(what + " ...");
        T result = work.get();
        double seconds = (System.nanoTime() - start) / 1e9;
        out.live("");
        out.line("  %-62s %8.1f s".formatted(what, seconds));
        return result;
    }
}
