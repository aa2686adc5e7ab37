package io.pgsync.bench.load;

import io.pgsync.bench.load.Report.Goal;
import io.pgsync.bench.load.Report.Section;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/** One run from an empty database to the last figure. */
final class LoadRun {
    /** What is left of a busy time: merges, write-ahead log. */
    private static final Duration SETTLING = Duration.ofSeconds(3);

    private final Servers servers;
    private final Product product;
    private final Report report;

    LoadRun(Servers servers, Product product, Report report) {
        this.servers = servers;
        this.product = product;
        this.report = report;
    }

    void run(int books, int updates, int singleChanges) throws IOException, SQLException {
        var engine = new Engine(servers.elasticsearch());
        report.say("Creating %,d books ...".formatted(books));
        try (var shop = Bookshop.create(servers.postgres(), books)) {
            product.run("bootstrap", "bootstrap");
            try (var limits = Limits.of(shop, servers.postgres(), engine)) {
                double rawBulk = loadFirst(shop, limits, engine);
                follow(new Changes(shop, limits, engine, report), rawBulk, updates, singleChanges);
            } finally {
                product.run("teardown", "bootstrap", "--teardown");
                engine.call("DELETE", "/" + Bookshop.INDEX, "");
            }
        }
    }

    /** Returns the rate of the raw bulk client, as the mean of before and after. */
    private double loadFirst(Bookshop shop, Limits limits, Engine engine) throws IOException, SQLException {
        Section section = report.section("First load of %,d documents".formatted(shop.books()));
        limits.copy();
        Rate copy = limits.copy();
        section.add("limit: COPY of the document query", copy.perSecond(), "documents/s");
        BulkBodies bodies = limits.bodies();
        section.add("size of a document", (double) bodies.bytes() / bodies.documents(), "bytes");
        Rate before = limits.rawBulk(bodies);
        section.add("limit: raw bulk, before", before.perSecond(), "documents/s");
        Product.Usage load = product.run("load");
        check(shop, engine);
        Rate after = limits.rawBulk(bodies);
        section.add("limit: raw bulk, after", after.perSecond(), "documents/s");
        var rate = new Rate(shop.books(), Duration.ofNanos(load.wallNanos()));
        section.add("pgsync", rate.perSecond(), "documents/s");
        double rawBulk = (before.perSecond() + after.perSecond()) / 2;
        section.add("pgsync / raw bulk", rate.perSecond() / rawBulk, "", Goal.AT_LEAST, 0.6);
        section.add("pgsync / COPY", rate.perSecond() / copy.perSecond(), "");
        section.add("CPU of pgsync", load.cpuNanos() / 1e3 / shop.books(), "us/document");
        section.add("peak memory of pgsync", load.peakBytes() / 1048576.0, "MiB");
        return rawBulk;
    }

    private static void check(Bookshop shop, Engine engine) throws IOException {
        engine.call("POST", "/" + Bookshop.INDEX + "/_refresh", "");
        long count = engine.get("/" + Bookshop.INDEX + "/_count").path("count").asLong();
        if (count != shop.books()) {
            throw new IOException("The load left %d documents of %d".formatted(count, shop.books()));
        }
    }

    private void follow(Changes changes, double rawBulk, int updates, int singleChanges)
            throws IOException, SQLException {
        try (Product.Running daemon = product.start("daemon", "--daemon")) {
            changes.awaitFollowing(daemon);
            changes.updateRoots(updates, rawBulk, daemon);
            Waiting.rest(SETTLING);
            changes.changeOneByOne(singleChanges);
            changes.renamePublishers();
            Section section = report.section("The daemon in all");
            section.add("peak memory of pgsync", daemon.usage().peakBytes() / 1048576.0, "MiB");
        }
    }
}
