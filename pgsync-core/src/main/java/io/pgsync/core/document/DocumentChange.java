package io.pgsync.core.document;

import io.pgsync.core.affected.RootKey;
import java.util.Optional;

/** What must be written for one root, as one read of the source found it. */
public sealed interface DocumentChange {
    /** The document's index, and the key of its root row. */
    RootKey root();

    /** The engine's {@code _id}. */
    String id();

    /** Bytes of the document in it. */
    int size();

    /** Replaces the whole document. {@code source} is single-line UTF-8 JSON, {@code _meta} included; not copied, do not modify. */
    @SuppressWarnings(
            "ArrayRecordComponent") // never compared, and a copy per document would cost more than the encoding
    record Upsert(RootKey root, String id, Optional<String> routing, byte[] source) implements DocumentChange {
        @Override
        public int size() {
            return source.length;
        }
    }

    /** The root row is gone, no longer matches the root's condition, or a plugin dropped its document. */
    record Delete(RootKey root, String id) implements DocumentChange {
        @Override
        public int size() {
            return 0;
        }
    }

    /**
     * The document could not be made, so nothing can be written.
     *
     * @param source as far as it was made: the input of the plugins, or empty
     * @param type {@code plugin_failure}; {@code source_failure} if the source failed on the row, {@code too_large} if
     *     it has more bytes than are allowed, {@code no_key} for rows with a null in their key,
     *     {@code assembly_failure} if the parts from the source cannot be assembled
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Failed(RootKey root, String id, byte[] source, String type, String reason) implements DocumentChange {
        @Override
        public int size() {
            return source.length;
        }
    }
}
