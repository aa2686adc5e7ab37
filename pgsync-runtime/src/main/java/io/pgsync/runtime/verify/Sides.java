package io.pgsync.runtime.verify;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.elasticsearch.lookup.StoredCopy;
import io.pgsync.elasticsearch.lookup.StoredForm;
import io.pgsync.elasticsearch.lookup.WrittenIds.Page;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The two sides of one index, its source and what is stored, and the wait until the one shows what the other has. */
interface Sides {
    /** Makes the documents as the load makes them. */
    DocumentReader source();

    /** The marks of root rows by document id, see {@link io.pgsync.replication.query.RootRows#marks}. */
    Mono<Optional<Map<String, String>>> rows(Collection<RootKey> roots);

    Mono<StoredForm> form();

    /** The ids of all stored documents, as of the last refresh, so many at a time. */
    Flux<String> ids(int page);

    /** The greatest write number of any stored document; see {@link io.pgsync.elasticsearch.lookup.WrittenIds}. */
    Mono<Long> lastWrite();

    /** About {@code size} ids of stored documents with write numbers from {@code from} to {@code to}. */
    Mono<Page> written(long from, long to, int size);

    Mono<Map<String, StoredCopy>> stored(Collection<String> ids, boolean withSource);

    /** What is stored now, without content. */
    Mono<Map<String, StoredCopy>> marks(Collection<String> ids);

    /** The state of the index now. Fails if the index cannot be compared now. */
    Mono<SyncState> comparable();

    /**
     * The state of the index once everything that was committed before the call is stored in it or recorded as refused.
     * Fails if no process brings it there, or if the index cannot be compared now.
     */
    Mono<SyncState> caughtUp();

    /** Has the process that follows read and store these documents again; ends when that is done. */
    Mono<Void> repair(List<String> ids);
}
