package io.pgsync.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A client that searches all the time, by the name in the schema file, for the books that {@link BusyShop} leaves alone. */
final class ConstantSearch implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final long BOOKS = 12;

    private final Shop shop;
    private final List<String> failures = new ArrayList<>();
    private final CompletableFuture<Void> searching;
    private boolean isOver;
    private long searches;

    ConstantSearch(Shop shop) {
        this.shop = shop;
        this.searching = CompletableFuture.runAsync(this::search, OwnThread.EACH);
    }

    /** Searches that failed, and those that saw fewer documents. */
    synchronized List<String> failures() {
        return searches == 0 ? List.of("no search was made") : List.copyOf(failures);
    }

    private void search() {
        while (!isOver()) {
            try {
                count(shop.request(
                        "POST",
                        "/" + shop.index() + "/_search?size=0",
                        "{\"query\":{\"range\":{\"id\":{\"lt\":1000}}}}"));
            } catch (Exception e) {
                fail(e.toString());
            }
        }
    }

    private synchronized boolean isOver() {
        return isOver;
    }

    private synchronized void count(String answer) throws Exception {
        searches++;
        JsonNode hits = JSON.readTree(answer).at("/hits/total/value");
        if (hits.asLong() != BOOKS) {
            fail(answer);
        }
    }

    private synchronized void fail(String failure) {
        failures.add(failure);
    }

    @Override
    public void close() {
        synchronized (this) {
            isOver = true;
        }
        searching.join();
    }
}
