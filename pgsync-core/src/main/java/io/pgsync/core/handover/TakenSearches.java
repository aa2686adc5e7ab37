package io.pgsync.core.handover;

import io.pgsync.core.affected.IndexSearch;
import java.util.List;

/**
 * Searches as the log gives them back.
 *
 * @param done to be run when the log has all roots that they have found: it does not give the searches again then
 */
public record TakenSearches(List<IndexSearch> searches, Runnable done) {
    public TakenSearches {
        searches = List.copyOf(searches);
    }
}
