package io.pgsync.elasticsearch.bulk;

import io.pgsync.core.document.DocumentChange;

/** One action of a bulk request, its line already in bytes; the document stays the change's own array until the body is built. */
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

    /** An item whose outcome is the change's outcome, as far as no tombstone of it is refused. */
    static BulkItem decisive(DocumentChange change, byte[] action) {
        return new BulkItem(change, change, action, true);
    }

    /** A delete that only keeps other shards free of copies of the change's document. */
    static BulkItem tombstone(DocumentChange change, byte[] action) {
        return new BulkItem(change, new DocumentChange.Delete(change.root(), change.id()), action, false);
    }

    /** The change that this is a part of. */
    DocumentChange cause() {
        return cause;
    }

    /** What this does by itself. */
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
