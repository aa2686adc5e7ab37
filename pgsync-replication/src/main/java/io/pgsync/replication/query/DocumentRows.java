package io.pgsync.replication.query;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentAssembler;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentIds;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Row;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes documents from the rows of a tree's statement. A failure in one row affects only that row. */
final class DocumentRows {
    private final DocumentAssembler assembler;
    private final int keySize;
    private final long maxBytes;

    DocumentRows(DocumentAssembler assembler, int keySize, long maxBytes) {
        this.assembler = assembler;
        this.keySize = keySize;
        this.maxBytes = maxBytes;
    }

    DocumentIds ids() {
        return assembler.ids();
    }

    DocumentChange document(Row row) {
        List<String> key = KeyTexts.of(row, keySize);
        byte[] fields = json(row, keySize);
        byte[] keys = json(row, keySize + 1);
        return fields == null || keys == null ? tooLarge(key, row) : assembled(key, fields, keys);
    }

    private DocumentChange assembled(List<String> key, byte[] fields, byte[] keys) {
        try {
            return assembler.assemble(key, fields, keys);
        } catch (RuntimeException failure) {
            // JSON that the server can make but we cannot read: nested too deeply, a string too long.
            return failed(key, "assembly_failure", String.valueOf(failure.getMessage()));
        }
    }

    private Failed tooLarge(List<String> key, Row row) {
        long bytes = Objects.requireNonNull(row.get(keySize + 2, Long.class));
        return failed(
                key,
                "too_large",
                "the document has about %,d bytes, the maximum document size is %,d".formatted(bytes, maxBytes));
    }

    /** One refusal for all rows without a key; {@code how} many they are. */
    Failed withoutKey(String how) {
        String columns = String.join("\", \"", assembler.tree().root().key());
        return new Failed(
                RootKey.none(assembler.tree().index()),
                "null",
                new byte[0],
                "no_key",
                "rows of \"%s\" with a null in the key (\"%s\"), %s: no document can be made of what has no name"
                        .formatted(assembler.tree().root().table().name(), columns, how));
    }

    private Failed failed(List<String> key, String type, String reason) {
        return new Failed(new RootKey(assembler.tree().index(), key), ids().idOf(key), new byte[0], type, reason);
    }

    /** A root that can have no document. */
    Failed unnamed(RootKey root) {
        return root.isNone() ? withoutKey("one or more") : unreadable(root);
    }

    /** For a row whose key is not valid text. */
    private Failed unreadable(RootKey root) {
        return new Failed(
                root,
                String.join("|", root.shown()),
                new byte[0],
                "source_failure",
                "the key is not valid text: it has bytes that are not UTF-8, or a character that UTF-8 cannot encode");
    }

    private static byte @Nullable [] json(Row row, int column) {
        Json json = row.get(column, Json.class);
        return json == null ? null : json.asArray();
    }
}
