package io.pgsync.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.bench.load.Report.Goal;
import io.pgsync.bench.load.Report.Section;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** What the daemon is measured by: many updates, one change at a time, one change with many documents. */
final class Changes {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration PATIENCE_WITH_ONE = Duration.ofSeconds(60);
    /** Without it, the asking would take one of the cores from what it waits for. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);

    private static final Duration BETWEEN_CHANGES = Duration.ofMillis(20);
    private static final int WARM_UP_CHANGES = 300;
    /** A run of a few changes measures nothing anyway. */
    private static final int WARM_UPS_FOR_ONE = 5;

    private static final int ROWS_PER_TRANSACTION = 100;
    private static final int WARM_UP_RENAMES = 3;
    private static final int RENAMES = 10;
    private static final int DOCUMENTS_PER_LOOK = 1_000;

    private final Bookshop shop;
    private final Limits limits;
    private final Engine engine;
    private final Report report;
    private final Round round;

    Changes(Bookshop shop, Limits limits, Engine engine, Report report, Round round) {
        this.shop = shop;
        this.limits = limits;
        this.engine = engine;
        this.report = report;
        this.round = round;
    }

    /**
     * One daemon among several that are measured by the same changes, one after the other.
     *
     * @param number 1 for the first; its values differ from those of all others
     * @param way how the changes go, for the report; empty for the usual way, which has targets
     */
    record Round(int number, String way) {
        static final Round USUAL = new Round(1, "");

        String value(String name) {
            return name + "-" + number;
        }
    }

    private Section section(String work) {
        return round.way().isEmpty()
                ? report.section(work)
                : report.section(work + round.way()).withoutTargets();
    }

    /** Waits until a change arrives: then the daemon follows. */
    void awaitFollowing(Product.Running daemon) throws IOException, SQLException {
        int book = shop.books();
        String following = round.value("following");
        shop.changeOne("UPDATE book SET isbn = ? WHERE id = ?", following, book);
        Waiting.until("change by the daemon", PATIENCE_WITH_ONE, Duration.ofMillis(50), () -> {
            if (!daemon.isAlive()) {
                throw new IOException("The daemon ended:\n" + daemon.lastLines());
            }
            return engine.shows(Bookshop.INDEX, Integer.toString(book), following);
        });
    }

    /** Transactions of 100 root rows, as fast as they can be committed; each book once. Gives the documents a second. */
    double updateRoots(int updates, double rawBulk, Product.Running daemon) throws IOException, SQLException {
        Section section =
                section("%,d root updates in %,d transactions".formatted(updates, updates / ROWS_PER_TRANSACTION));
        long cpuBefore = daemon.usage().cpuNanos();
        long indexedBefore = indexed();
        long start = System.nanoTime();
        for (int first = 1; first <= updates; first += ROWS_PER_TRANSACTION) {
            shop.revise(first, first + ROWS_PER_TRANSACTION - 1);
        }
        long committed = System.nanoTime();
        long end = Waiting.until(
                "indexing of all updates", PATIENCE, Duration.ofMillis(20), () -> indexed() - indexedBefore >= updates);
        Predicate<JsonNode> revised = book -> book.path("rev").asInt() == round.number();
        for (int first = 1; first <= updates; first += DOCUMENTS_PER_LOOK) {
            int from = first;
            int to = Math.min(updates, first + DOCUMENTS_PER_LOOK - 1);
            // Work done twice counts twice: then the clock runs until the last document is right.
            List<Integer> books = IntStream.rangeClosed(from, to).boxed().toList();
            if (!all(books, revised)) {
                end = Waiting.until("update of every book", PATIENCE, BETWEEN_LOOKS, () -> all(books, revised));
            }
        }
        var rate = new Rate(updates, Duration.ofNanos(end - start));
        section.add("built and stored", rate.perSecond(), "documents/s", Goal.AT_LEAST, 2_300);
        section.add("pgsync / raw bulk of the first load", rate.perSecond() / rawBulk, "");
        section.add("all committed after", (committed - start) / 1e9, "s");
        section.add("CPU of pgsync", (daemon.usage().cpuNanos() - cpuBefore) / 1e3 / updates, "us/document");
        return rate.perSecond();
    }

    /** Commit to readable, one change after another on a system that does nothing else. Gives the median in milliseconds. */
    double changeOneByOne(int changes) throws IOException, SQLException {
        Section section = section("%d single changes, commit to GET _doc".formatted(changes));
        // A daemon that has just been started runs code for the first time; one that follows a database does not.
        int warmUp = Math.min(WARM_UP_CHANGES, WARM_UPS_FOR_ONE * changes);
        times(0, warmUp);
        List<Long> times = times(warmUp, changes);
        section.add(
                "limit: query, bulk, GET by a plain client, p50",
                limits.roundTrips(changes, List.of(1)).percentile(0.5),
                "ms");
        var found = Durations.of(times);
        section.add("p50", found.percentile(0.5), "ms", Goal.AT_MOST, 15);
        section.add("p99", found.percentile(0.99), "ms", Goal.AT_MOST, 60);
        section.add("max", found.max(), "ms");
        return found.percentile(0.5);
    }

    private List<Long> times(int first, int changes) throws IOException, SQLException {
        List<Long> times = new ArrayList<>();
        for (int i = first; i < first + changes; i++) {
            int book = 1 + (int) (i * 7919L % shop.books());
            String isbn = round.value("single-" + i);
            long committing = shop.changeOne("UPDATE book SET isbn = ? WHERE id = ?", isbn, book);
            long readable = Waiting.until(
                    "change of book " + book,
                    PATIENCE_WITH_ONE,
                    BETWEEN_LOOKS,
                    () -> engine.shows(Bookshop.INDEX, Integer.toString(book), isbn));
            times.add(readable - committing);
            Waiting.rest(BETWEEN_CHANGES);
        }
        return times;
    }

    /** One row that is part of a hundred documents. Gives the median in milliseconds. */
    double renamePublishers() throws IOException, SQLException {
        Section section = section("%d times one publisher with %d books renamed, until all are readable"
                .formatted(RENAMES, Bookshop.BOOKS_PER_PUBLISHER));
        renames(0, WARM_UP_RENAMES);
        List<Long> times = renames(WARM_UP_RENAMES, RENAMES);
        section.add(
                "limit: query, bulk, GET by a plain client, p50",
                limits.roundTrips(RENAMES, shop.booksOf(1)).percentile(0.5),
                "ms");
        var found = Durations.of(times);
        section.add("p50", found.percentile(0.5), "ms", Goal.AT_MOST, 200);
        section.add("max", found.max(), "ms", Goal.AT_MOST, 200);
        return found.percentile(0.5);
    }

    private List<Long> renames(int first, int renames) throws IOException, SQLException {
        List<Long> times = new ArrayList<>();
        for (int i = first; i < first + renames; i++) {
            int publisher = 1 + i % shop.publishers();
            String name = round.value("Renamed " + i);
            long committing = shop.changeOne("UPDATE publisher SET name = ? WHERE id = ?", name, publisher);
            List<Integer> books = shop.booksOf(publisher);
            Predicate<JsonNode> renamed =
                    book -> book.at("/publisher/name").asText().equals(name);
            long readable = Waiting.until(
                    "rename of publisher " + publisher, PATIENCE_WITH_ONE, BETWEEN_LOOKS, () -> all(books, renamed));
            times.add(readable - committing);
            Waiting.rest(BETWEEN_CHANGES);
        }
        return times;
    }

    /** Documents that the engine has written since it started, refreshed or not; asking costs it next to nothing. */
    private long indexed() throws IOException {
        return engine.get("/" + Bookshop.INDEX + "/_stats/indexing?filter_path=_all.primaries.indexing.index_total")
                .at("/_all/primaries/indexing/index_total")
                .asLong();
    }

    /** Whether the documents of these books are all as wanted now. */
    private boolean all(List<Integer> books, Predicate<JsonNode> wanted) throws IOException {
        ObjectNode question = Engine.JSON.createObjectNode();
        ArrayNode ids = question.putArray("ids");
        books.forEach(book -> ids.add(book.toString()));
        JsonNode answer = engine.call(
                "POST",
                "/" + Bookshop.INDEX + "/_mget?_source_includes=rev,publisher.name&filter_path=docs._source",
                question.toString());
        int right = 0;
        for (JsonNode document : answer.path("docs")) {
            right += wanted.test(document.path("_source")) ? 1 : 0;
        }
        return right == ids.size();
    }
}
