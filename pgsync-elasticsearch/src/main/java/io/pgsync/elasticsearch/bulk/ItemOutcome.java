package io.pgsync.elasticsearch.bulk;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import org.apache.hc.core5.http.ConnectionClosedException;

/**
 * What the answer to an item means for it. The status decides first, because the names of error types differ between
 * versions of the engine.
 */
enum ItemOutcome {
    STORED,
    /** A newer version exists already. */
    SUPERSEDED,
    /** The document is refused for its content. */
    REJECTED,
    /**
     * Another request has just added the same new field with another type; with that type the document may be accepted.
     */
    CONTESTED,
    /** The engine lacks a resource; the same item may succeed later. */
    BUSY,
    /** The index does not accept writes, because of the short block of a take-over or a full disk. */
    BLOCKED,
    /** The shard is not available, or the outcome is unknown. */
    UNAVAILABLE,
    /** The whole request was refused, perhaps because of this item: a request without it was accepted. */
    SUSPECT,
    /** The connection ended during the request, perhaps because of its size. */
    CUT,
    /** A failure inside the engine, perhaps because of the document. */
    FAILED,
    /** The index, the pipeline or our rights are not as they must be; no document is at fault. */
    DENIED,
    /** Our alias does not exist, although it should. */
    GONE;

    /** Messages of the JDK's channels, which have no separate exceptions for these cases. */
    private static final Set<String> BROKEN = Set.of("Broken pipe", "Connection reset", "Connection reset by peer");

    /** The engine's messages if a field exists already with another type, as an object, or not as an object. */
    private static final List<String> CONTESTS = List.of(
            "cannot be changed from type [",
            "can't merge a non object mapping [",
            "can't merge a non-nested mapping [",
            "can't be changed from nested to non-nested",
            "can't be changed from non-nested to nested",
            "cannot change object mapping from ");

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
            case 401, 406, 415 -> DENIED;
            case 403 -> block ? BLOCKED : DENIED;
            default -> isDestination(item) ? DENIED : isContested(item) ? CONTESTED : REJECTED;
        };
    }

    /** Whether the item may still be under way, or the engine must be asked what happened to the alias. */
    boolean leavesDoubt() {
        return this == UNAVAILABLE || this == FAILED || this == GONE;
    }

    /** For a request without an answer. */
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
