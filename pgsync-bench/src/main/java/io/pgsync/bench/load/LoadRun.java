package io.pgsync.bench.load;

import io.pgsync.bench.load.Changes.Round;
import io.pgsync.bench.load.Report.Goal;
import io.pgsync.bench.load.Report.Section;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** One run from an empty database to the last figure. */
final class LoadRun {
    /** What is left of a busy time: merges, write-ahead log. */
    private static final Duration SETTLING = Duration.ofSeconds(3);

    private final Servers servers;
    private final Product product;
    private final Optional<Product> throughKafka;
    private final Report report;

    /** {@code throughKafka}: the same product, whose daemon hands its work over to Kafka. */
    LoadRun(Servers servers, Product product, Optional<Product> throughKafka, Report report) {
        this.servers = servers;
        this.product = product;
        this.throughKafka = throughKafka;
        this.report = report;
    }

    /** The medians of what one daemon was measured by. */
    private record Medians(double updatesPerSecond, double singleMillis, double renameMillis) {}

    void run(int books, int updates, int singleChanges) throws IOException, SQLException {
        var engine = new Engine(servers.elasticsearch());
        report.say("Creating %,d books ...".formatted(books));
        try (var shop = Bookshop.create(servers.postgres(), books)) {
            product.run("bootstrap", "bootstrap");
            try (var limits = Limits.of(shop, servers.postgres(), engine)) {
                double rawBulk = loadFirst(shop, limits, engine);
                var usual = new Changes(shop, limits, engine, report, Round.USUAL);
                Medians direct = follow(product, usual, rawBulk, updates, singleChanges);
                if (throughKafka.isPresent()) {
                    var kafka = new Changes(shop, limits, engine, report, new Round(2, ", through Kafka"));
                    Medians logged = follow(throughKafka.get(), kafka, rawBulk, updates, singleChanges);
                    compare(direct, logged);
                }
            } finally {
                throughKafka.orElse(product).run("teardown", "bootstrap", "--teardown");
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

    private Medians follow(Product followed, Changes changes, double rawBulk, int updates, int singleChanges)
            throws IOException, SQLException {
        try (Product.Running daemon = followed.start("daemon", "--daemon")) {
            changes.awaitFollowing(daemon);
            double perSecond = changes.updateRoots(updates, rawBulk, daemon);
            Waiting.rest(SETTLING);
            var medians = new Medians(perSecond, changes.changeOneByOne(singleChanges), changes.renamePublishers());
            Section section = report.section("The daemon in all");
            section.add("peak memory of pgsync", daemon.usage().peakBytes() / 1048576.0, "MiB");
            return medians;
        }
    }

    private void compare(Medians direct, Medians logged) {
        Section section = report.section("Through Kafka, compared with memory");
        section.add("rate of root updates", logged.updatesPerSecond() / direct.updatesPerSecond(), "");
        section.add("time of one change, p50", logged.singleMillis() / direct.singleMillis(), "");
        section.add("time of a publisher renamed, p50", logged.renameMillis() / direct.renameMillis(), "");
    }
}
