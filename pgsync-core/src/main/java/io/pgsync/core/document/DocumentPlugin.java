package io.pgsync.core.document;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * Changes finished documents, or drops them: a service that {@link Plugins} finds by its name. It is called by several threads at once, on
 * threads that must not block; and again for every replay, so that equal documents have to come out equal.
 */
public interface DocumentPlugin {
    /** What {@code plugins} in schema.json calls it. */
    String name();

    /**
     * What becomes of a document; empty: it leaves the index. When this throws, the document is recorded as refused, and what the index
     * holds of it stays.
     */
    Optional<ObjectNode> transform(Draft draft) throws Exception;

    /**
     * A document about to be stored.
     *
     * @param document may be changed in place; {@code _meta}, the keys of its rows, can be read in it, but changes of it are undone
     */
    record Draft(String index, String id, ObjectNode document) {}
}
