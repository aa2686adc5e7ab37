package io.pgsync.core.document;

import io.pgsync.core.affected.RootKey;
import java.util.Optional;

/** What has to be written for one root, as one read of the source found it. */
public sealed interface DocumentChange {
    RootKey root();

    /** The engine's {@code _id}. */
    String id();

    /** Replaces the whole document. {@code source} is single-line UTF-8 JSON, {@code _meta} included; not copied, do not modify. */
    @SuppressWarnings(
            "ArrayRecordComponent") // never compared, and a copy per document would cost more than the encoding
    record Upsert(RootKey root, String id, Optional<String> routing, byte[] source) implements DocumentChange {}

    /** The root row is gone, or no longer matches the root's condition. */
    record Delete(RootKey root, String id) implements DocumentChange {}
}
