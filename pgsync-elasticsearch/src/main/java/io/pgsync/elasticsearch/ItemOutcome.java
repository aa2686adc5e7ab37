package io.pgsync.elasticsearch;

/**
 * What an item's answer means for the item. Decided by the status first, because the names of error types differ between versions of
 * the engine.
 */
enum ItemOutcome {
    STORED,
    /** A newer version is already there. */
    SUPERSEDED,
    /** The document is refused for what it is. */
    REJECTED,
    /** Another request brought the same new field with another type just now; by that type the document may pass. */
    CONTESTED,
    /** The engine is short of something; the same item will do later. */
    BUSY,
    /** The index takes no writes: a take-over's short block, or a full disk. */
    BLOCKED,
    /** The shard is away, or the outcome is unknown. */
    UNAVAILABLE,
    /** A failure inside the engine, which may be the document's doing. */
    FAILED,
    /** The index, the pipeline or our rights are not as they must be: no document's fault. */
    DENIED,
    /** What we write through is no longer there. */
    GONE;

    static ItemOutcome of(BulkAnswer.Item item) {
        int status = item.status();
        if (status >= 200 && status < 300) {
            return STORED;
        }
        if (status >= 500) {
            return status == 500 ? FAILED : UNAVAILABLE;
        }
        boolean block = item.type().equals("cluster_block_exception");
        return switch (status) {
            case 404 -> item.hasError() ? GONE : STORED; // without error: a delete of what was not there
            case 409 -> SUPERSEDED;
            case 429 -> block ? BLOCKED : BUSY;
            case 401 -> DENIED;
            case 403 -> block ? BLOCKED : DENIED;
            default -> isDestination(item) ? DENIED : isContested(item) ? CONTESTED : REJECTED;
        };
    }

    private static boolean isContested(BulkAnswer.Item item) {
        return item.reason().contains("cannot be changed from type [");
    }

    private static boolean isDestination(BulkAnswer.Item item) {
        return item.type().equals("index_closed_exception")
                || item.type().equals("invalid_index_name_exception")
                || item.reason().startsWith("pipeline with id [");
    }
}
