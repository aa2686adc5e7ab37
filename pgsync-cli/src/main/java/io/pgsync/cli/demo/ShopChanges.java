package io.pgsync.cli.demo;

import java.time.Duration;
import java.util.List;

/** Changes the shop and waits until its documents show it; what they must be is asked of the database. All methods block. */
final class ShopChanges {
    private final Bookshop shop;
    private final IndexedDocuments documents;

    ShopChanges(Bookshop shop, IndexedDocuments documents) {
        this.shop = shop;
        this.documents = documents;
    }

    /**
     * What became of a change.
     *
     * @param changed ids of the documents that it concerns
     * @param missing those of them that were not right when the patience was over
     * @param taken from the commit until the last of them was read
     */
    record Arrival(
            ExpectedDocuments before,
            ExpectedDocuments after,
            List<Integer> changed,
            List<Integer> missing,
            Duration taken) {}

    /** Runs the statements in one transaction. */
    Arrival make(String statements, Duration patience) {
        ExpectedDocuments before = ExpectedDocuments.of(shop);
        shop.begin();
        shop.execute(statements);
        ExpectedDocuments after = ExpectedDocuments.of(shop);
        List<Integer> changed = after.changedSince(before);
        shop.commit();

        long committed = System.nanoTime();
        List<Integer> missing = documents.awaitEqual(changed, after.byId(), patience);
        Duration taken = Duration.ofNanos(System.nanoTime() - committed);
        return new Arrival(before, after, changed, missing, taken);
    }
}
