package io.pgsync.elasticsearch.lookup;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * One document as it is stored.
 *
 * @param mark changes with every write of the document, whoever writes it
 * @param copies more than one if several shards hold a document with this id
 * @param source as the engine gives it; empty if it was not asked for, or if the index does not keep it
 */
public record StoredCopy(String id, String mark, int copies, Optional<JsonNode> source) {
    /** Together with another copy of the same id. */
    StoredCopy and(StoredCopy other) {
        return new StoredCopy(id, mark + " " + other.mark, copies + other.copies, source);
    }
}
