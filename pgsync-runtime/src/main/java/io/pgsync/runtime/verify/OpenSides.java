package io.pgsync.runtime.verify;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.lookup.StoredCopies;
import io.pgsync.elasticsearch.lookup.StoredCopy;
import io.pgsync.elasticsearch.lookup.StoredForm;
import io.pgsync.elasticsearch.lookup.WrittenIds;
import io.pgsync.elasticsearch.lookup.WrittenIds.Page;
import io.pgsync.replication.query.RootRows;
import io.pgsync.replication.stream.Heartbeat;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Resources;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The two sides of an index on servers. */
record OpenSides(
        DocumentReader source, RootRows roots, StoredCopies copies, WrittenIds writes, CaughtUp position, Repair repair)
        implements Sides {
    static OpenSides of(Resources resources, Database database, DocumentTree tree) {
        var heartbeat = new Heartbeat(database.connections(), database.names().slot());
        return new OpenSides(
                resources.documents().ofThePresent(database),
                new RootRows(database.connections(), tree),
                new StoredCopies(resources.engine(), tree),
                new WrittenIds(resources.engine(), tree.index()),
                new CaughtUp(tree.index(), heartbeat.emit(), resources.states(), resources.timer()),
                new Repair(tree.index(), heartbeat.emit(), resources.states(), resources.timer()));
    }

    @Override
    public Mono<Optional<Map<String, String>>> rows(Collection<RootKey> keys) {
        return roots.marks(keys.stream().map(RootKey::key).toList());
    }

    @Override
    public Mono<StoredForm> form() {
        return copies.form();
    }

    @Override
    public Flux<String> ids(int page) {
        return copies.ids(page);
    }

    @Override
    public Mono<Long> lastWrite() {
        return writes.last();
    }

    @Override
    public Mono<Page> written(long from, long to, int size) {
        return writes.page(from, to, size);
    }

    @Override
    public Mono<Map<String, StoredCopy>> stored(Collection<String> ids, boolean withSource) {
        return copies.find(ids, withSource);
    }

    @Override
    public Mono<Map<String, StoredCopy>> marks(Collection<String> ids) {
        return copies.marks(ids);
    }

    @Override
    public Mono<SyncState> comparable() {
        return position.comparable();
    }

    @Override
    public Mono<SyncState> caughtUp() {
        return position.await();
    }

    @Override
    public Mono<Void> repair(List<String> ids) {
        return repair.of(ids);
    }
}
