package io.pgsync.core.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.pipeline.SimulatedTables.Document;
import java.util.List;
import java.util.Optional;

/** Documents in a form that is quick to compare and search: the content and the keys, a line each. */
final class SimulatedDocuments {
    /** A name that the index refuses. */
    static final String POISON = "poison";

    private SimulatedDocuments() {}

    static DocumentChange change(RootKey root, Optional<Document> document) {
        String id = root.key().get(0);
        return document.<DocumentChange>map(found -> new Upsert(
                        root,
                        id,
                        Optional.empty(),
                        (found.content() + "\n" + String.join(" ", found.keys())).getBytes(UTF_8)))
                .orElseGet(() -> new Delete(root, id));
    }

    static String content(Upsert upsert) {
        return line(upsert, 0);
    }

    static List<String> keys(Upsert upsert) {
        return List.of(line(upsert, 1).split(" "));
    }

    static boolean isRefused(DocumentChange change) {
        return change instanceof Upsert upsert && content(upsert).contains(POISON);
    }

    private static String line(Upsert upsert, int index) {
        return new String(upsert.source(), UTF_8).split("\n", -1)[index];
    }
}
