package io.pgsync.runtime.verify;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.elasticsearch.lookup.StoredCopy;
import io.pgsync.elasticsearch.lookup.StoredForm;
import io.pgsync.elasticsearch.lookup.WrittenIds.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Rows and the index that is made of them, and what happens to both while they are looked at. */
final class SidesInMemory implements Sides {
    final RowsInMemory rows = new RowsInMemory(this::happens);
    final CopiesInMemory copies = new CopiesInMemory();
    final List<List<String>> repairs = new ArrayList<>();
    final List<String> unrepairable = new ArrayList<>();
    /** By the repair. */
    final List<String> refusedLater = new ArrayList<>();

    final List<String> refused = new ArrayList<>();
    StoredForm form = StoredForm.WHOLE;
    boolean slowMarks;
    /** In the order in which they were answered. */
    final List<String> looks = new CopyOnWriteArrayList<>();

    int waits;
    int idsAtATime;
    /** Happens before the look of that name: {@code marks}, {@code rows}, {@code read}, {@code stored}, {@code caughtUp}. */
    final Map<String, Runnable> before = new HashMap<>();

    /** As it must be. */
    void both(int key, String document) {
        rows.write(key, document);
        copies.write(Integer.toString(key), document);
    }

    /** Books with the keys from 1 to {@code count}, all as they must be. */
    void books(int count) {
        for (int i = 1; i <= count; i++) {
            both(i, "{'n': " + i + "}");
        }
    }

    /** The same, but none is as it must be. */
    void differentBooks(int count) {
        books(count);
        for (int i = 1; i <= count; i++) {
            copies.write(Integer.toString(i), "{}");
        }
    }

    private void happens(String look) {
        before.getOrDefault(look, () -> {}).run();
        looks.add(look);
    }

    @Override
    public DocumentReader source() {
        return rows;
    }

    @Override
    public Mono<Optional<Map<String, String>>> rows(Collection<RootKey> roots) {
        return Mono.fromSupplier(() -> rows.marks(roots));
    }

    @Override
    public Mono<StoredForm> form() {
        return Mono.just(form);
    }

    @Override
    public Flux<String> ids(int page) {
        idsAtATime = page;
        return Flux.defer(() -> {
            happens("ids");
            return Flux.fromIterable(copies.ids());
        });
    }

    @Override
    public Mono<Long> lastWrite() {
        return Mono.fromSupplier(copies::lastWrite);
    }

    @Override
    public Mono<Page> written(long from, long to, int size) {
        return Mono.fromSupplier(() -> {
            happens("written");
            return copies.written(from, to, size);
        });
    }

    @Override
    public Mono<Map<String, StoredCopy>> stored(Collection<String> ids, boolean withSource) {
        return Mono.fromSupplier(() -> {
            happens("stored");
            return copies.found(ids, withSource);
        });
    }

    @Override
    public Mono<Map<String, StoredCopy>> marks(Collection<String> ids) {
        Mono<Map<String, StoredCopy>> marks = Mono.fromSupplier(() -> {
            happens("marks");
            return copies.found(ids, false);
        });
        return slowMarks ? Mono.delay(Duration.ofMillis(20)).then(marks) : marks;
    }

    @Override
    public Mono<SyncState> comparable() {
        return Mono.fromSupplier(() -> {
            happens("comparable");
            return state();
        });
    }

    private SyncState state() {
        return StatesInMemory.state("books", 10).withRefused(refused);
    }

    @Override
    public Mono<SyncState> caughtUp() {
        return Mono.fromSupplier(() -> {
            waits++;
            happens("caughtUp");
            return state();
        });
    }

    @Override
    public Mono<Void> repair(List<String> ids) {
        return Mono.fromRunnable(() -> {
            repairs.add(ids);
            refused.addAll(refusedLater);
            ids.stream().filter(id -> !unrepairable.contains(id)).forEach(id -> {
                String document = id.equals("no key") ? null : rows.built.get(Integer.parseInt(id));
                if (document == null) {
                    copies.delete(id);
                } else {
                    copies.write(id, document);
                }
            });
        });
    }
}
