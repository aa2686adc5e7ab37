package io.pgsync.elasticsearch;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.sink.WriteBatch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Changes as the reader of documents would hand them over. */
public final class Changes {
    private Changes() {}

    public static WriteBatch batch(String index, long version, DocumentChange... changes) {
        return new WriteBatch(index, version, List.of(changes));
    }

    public static DocumentChange upsert(String id, String json) {
        return new DocumentChange.Upsert(root(id), id, Optional.empty(), json.getBytes(StandardCharsets.UTF_8));
    }

    public static DocumentChange upsert(String id, String routing, String json) {
        return new DocumentChange.Upsert(root(id), id, Optional.of(routing), json.getBytes(StandardCharsets.UTF_8));
    }

    public static DocumentChange delete(String id) {
        return new DocumentChange.Delete(root(id), id);
    }

    private static RootKey root(String id) {
        return new RootKey("books", List.of(id));
    }
}
