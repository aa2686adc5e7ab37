package io.pgsync.elasticsearch.bulk;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import org.apache.hc.core5.http.ConnectionClosedException;

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
    /** The whole request was refused, which may be this item's doing: a request without it was taken. */
    SUSPECT,
    /** The connection ended while the request was under way, which may be its size's doing. */
    CUT,
    /** A failure inside the engine, which may be the document's doing. */
    FAILED,
    /** The index, the pipeline or our rights are not as they must be: no document's fault. */
    DENIED,
    /** What we write through is not there, and ought to be. */
    GONE;

    /** Words of the JDK's channels, which have no exceptions of their own for it. */
    private static final Set<String> BROKEN = Set.of("Broken pipe", "Connection reset", "Connection reset by peer");

    /** How the engine words that a field is there already, of another type, as an object, or as none. */
    private static final List<String> CONTESTS = List.of(
            "cannot be changed from type [",
            "can't merge a non object mapping [",
            "can't merge a non-nested mapping [",
            "can't be changed from nested to non-nested",
            "can't be changed from non-nested to nested");

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

    /** Whether the item may be under way nevertheless, or the engine has to be asked what became of the alias. */
    boolean leavesDoubt() {
        return this == UNAVAILABLE || this == FAILED || this == GONE;
    }

    /** For a request that nobody answered. */
    static ItemOutcome unanswered(Throwable error) {
        boolean neverSent = error instanceof ConnectException;
        boolean ended = error instanceof ConnectionClosedException
                || error instanceof SocketException
                || (error instanceof IOException && BROKEN.contains(String.valueOf(error.getMessage())));
        return ended && !neverSent ? CUT : UNAVAILABLE;
    }

    private static boolean isContested(BulkAnswer.Item item) {
        return CONTESTS.stream().anyMatch(item.reason()::contains);
    }

    private static boolean isDestination(BulkAnswer.Item item) {
        return item.type().equals("index_closed_exception")
                || item.type().equals("invalid_index_name_exception")
                || item.reason().startsWith("pipeline with id [");
    }
}
