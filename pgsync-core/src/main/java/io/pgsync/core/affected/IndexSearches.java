package io.pgsync.core.affected;

import reactor.core.publisher.Flux;

/** What becomes of a search of an index: it is done at once, or noted for later. */
public interface IndexSearches {
    /**
     * Completes when the source need not keep the change for this search any longer. Gives the roots that it has found, some perhaps twice, if it
     * is done by then. Demand is honoured.
     */
    Flux<RootKey> roots(IndexSearch search);
}
