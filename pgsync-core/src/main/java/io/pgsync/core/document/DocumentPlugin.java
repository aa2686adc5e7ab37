package io.pgsync.core.document;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * Changes finished documents, or drops them: a service that {@link Plugins} finds by its name. Several threads call it
 * at the same time, and they must not block. A replay calls it again, so equal input must give equal output.
 */
public interface DocumentPlugin {
    /** Its name in {@code plugins} of schema.json. */
    String name();

    /**
     * The changed document; empty if it must leave the index. If this throws, the document is recorded as refused, and
     * its last version in the index stays.
     */
    Optional<ObjectNode> transform(Draft draft) throws Exception;

    /**
     * A document about to be stored.
     *
     * @param document may be changed in place; {@code _meta}, the keys of its rows, may be read, but changes of it are
     *     undone
     */
    record Draft(String index, String id, ObjectNode document) {}
}
