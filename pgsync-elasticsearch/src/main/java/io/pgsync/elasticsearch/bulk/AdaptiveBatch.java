package io.pgsync.elasticsearch.bulk;

import io.pgsync.elasticsearch.BulkSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much one request may carry at present: halved when the engine is busy, raised by a tenth after ten answers
 * without trouble in a row, and limited once a size was too large. Shared by all requests; safe from any thread.
 */
final class AdaptiveBatch {
    private static final int SMALLEST = 64 * 1024;
    private static final int CALM_ANSWERS = 10;

    private final int maxDocuments;
    private final AtomicInteger ceiling;
    private final AtomicInteger bytes;
    private final AtomicInteger calm = new AtomicInteger();
    /** The size of the largest accepted request; it loses weight with each refusal. */
    private final AtomicInteger passed = new AtomicInteger();

    AdaptiveBatch(BulkSettings settings) {
        this.maxDocuments = settings.maxDocuments();
        this.ceiling = new AtomicInteger(settings.maxBytes());
        this.bytes = new AtomicInteger(settings.maxBytes());
    }

    int bytes() {
        return bytes.get();
    }

    /** Divides items into requests and keeps their order; an item above the limit goes alone. */
    List<List<BulkItem>> split(List<BulkItem> items) {
        int limit = bytes.get();
        List<List<BulkItem>> parts = new ArrayList<>();
        int start = 0;
        long size = 0;
        for (int i = 0; i < items.size(); i++) {
            int next = items.get(i).size();
            if (i > start && (size + next > limit || i - start == maxDocuments)) {
                parts.add(items.subList(start, i));
                start = i;
                size = 0;
            }
            size += next;
        }
        parts.add(items.subList(start, items.size()));
        return parts;
    }

    void busy() {
        calm.set(0);
        bytes.updateAndGet(now -> Math.min(now, Math.max(SMALLEST, now / 2)));
    }

    /**
     * A request of this size was refused as too large. A reasonable limit is never below the smallest size here. An
     * accepted size counts more than a first refusal, which may be a mistake of a proxy, but less than several
     * refusals.
     */
    void tooLarge(int size) {
        int proven = Math.max(SMALLEST, passed.getAndUpdate(now -> now / 2));
        int below = Math.max(proven, (int) (size * 0.9));
        int limit = ceiling.updateAndGet(now -> Math.min(now, below));
        bytes.updateAndGet(now -> Math.min(now, limit));
    }

    /** A request of this size was accepted. */
    void passed(int size) {
        passed.accumulateAndGet(size, Math::max);
    }

    /** Whether there is no evidence that a request of this size fits. */
    boolean mayBeTooLarge(int size) {
        return size > Math.max(SMALLEST, passed.get());
    }

    void calm() {
        if (bytes.get() < ceiling.get() && calm.incrementAndGet() % CALM_ANSWERS == 0) {
            bytes.updateAndGet(now -> (int) Math.min(ceiling.get(), now * 1.1));
        }
    }
}
