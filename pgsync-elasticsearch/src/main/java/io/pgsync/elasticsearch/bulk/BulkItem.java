package io.pgsync.elasticsearch.bulk;

import io.pgsync.core.document.DocumentChange;

/**
 * One action of a bulk request; its action line is in bytes already, and its document stays the array of the change
 * until the body is built.
 */
final class BulkItem {
    private static final byte[] NO_SOURCE = {};

    private final DocumentChange cause;
    private final DocumentChange change;
    private final byte[] action;
    private final boolean decisive;

    private BulkItem(DocumentChange cause, DocumentChange change, byte[] action, boolean decisive) {
        this.cause = cause;
        this.change = change;
        this.action = action;
        this.decisive = decisive;
    }

    /** An item whose outcome decides the outcome of the change, unless one of its tombstones is refused. */
    static BulkItem decisive(DocumentChange change, byte[] action) {
        return new BulkItem(change, change, action, true);
    }

    /** A delete that only removes copies of the change's document from other shards. */
    static BulkItem tombstone(DocumentChange change, byte[] action) {
        return new BulkItem(change, new DocumentChange.Delete(change.root(), change.id()), action, false);
    }

    /** The change to which this item belongs. */
    DocumentChange cause() {
        return cause;
    }

    /** The change that this item itself makes. */
    DocumentChange change() {
        return change;
    }

    boolean isDecisive() {
        return decisive;
    }

    boolean isDelete() {
        return change instanceof DocumentChange.Delete;
    }

    byte[] action() {
        return action;
    }

    byte[] source() {
        return change instanceof DocumentChange.Upsert upsert ? upsert.source() : NO_SOURCE;
    }

    /** Bytes in the request body, line ends included. */
    int size() {
        return isDelete() ? action.length + 1 : action.length + source().length + 2;
    }
}
