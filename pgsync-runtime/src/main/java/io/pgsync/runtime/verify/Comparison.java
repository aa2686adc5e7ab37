package io.pgsync.runtime.verify;

import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.DocumentJson;
import io.pgsync.elasticsearch.lookup.StoredCopy;
import io.pgsync.elasticsearch.lookup.StoredForm;
import io.pgsync.runtime.report.Difference.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Compares documents as the source makes them with those that are stored, a group at a time. */
final class Comparison {
    private static final int GROUP_DOCUMENTS = 500;
    /** As a tree of nodes, a document takes about ten times its bytes. */
    private static final int GROUP_BYTES = 1 << 20;

    private final Sides sides;
    private final StoredForm form;
    private final KeptFields kept;

    Comparison(Sides sides, StoredForm form) {
        this.sides = sides;
        this.form = form;
        this.kept = new KeptFields(form);
    }

    /**
     * What was found in one group.
     *
     * @param documents those that the source has
     * @param unmade those of them that nobody can make
     */
    record Compared(long documents, long unmade, List<Suspect> suspects) {}

    /** Demand is honoured: no group is read ahead. */
    Flux<Compared> of(Flux<DocumentChange> built) {
        return Flux.defer(() -> built.bufferUntil(new FullGroup()::add)).concatMap(this::compared, 1);
    }

    /** True for the document that completes a group. */
    private static final class FullGroup {
        private long bytes;
        private int count;

        boolean add(DocumentChange change) {
            bytes += change.size();
            count++;
            boolean full = bytes >= GROUP_BYTES || count >= GROUP_DOCUMENTS;
            if (full) {
                bytes = 0;
                count = 0;
            }
            return full;
        }
    }

    private Mono<Compared> compared(List<DocumentChange> group) {
        List<String> ids = group.stream()
                .filter(change -> !(change instanceof Failed))
                .map(DocumentChange::id)
                .toList();
        return sides.stored(ids, form.otherwise().isEmpty())
                .map(stored -> new Compared(
                        group.stream()
                                .filter(change -> !(change instanceof Delete))
                                .count(),
                        group.stream().filter(Failed.class::isInstance).count(),
                        group.stream()
                                .flatMap(change -> suspect(change, stored).stream())
                                .toList()));
    }

    private Optional<Suspect> suspect(DocumentChange change, Map<String, StoredCopy> stored) {
        Optional<StoredCopy> copy = Optional.ofNullable(stored.get(change.id()));
        if (change instanceof Upsert upsert) {
            return copy.map(found -> differing(upsert, found))
                    .orElseGet(() -> Optional.of(of(change, Kind.MISSING, List.of(), Suspect.ABSENT)));
        }
        return change instanceof Delete
                ? copy.map(found -> of(change, Kind.EXTRA, List.of(), found.mark()))
                : Optional.empty();
    }

    private Optional<Suspect> differing(Upsert upsert, StoredCopy copy) {
        List<String> paths =
                copy.copies() > 1 ? List.of("(stored %d times)".formatted(copy.copies())) : paths(upsert, copy);
        return paths.isEmpty() ? Optional.empty() : Optional.of(of(upsert, Kind.DIFFERENT, paths, copy.mark()));
    }

    private List<String> paths(Upsert upsert, StoredCopy copy) {
        return copy.source()
                .map(source -> JsonDifference.paths(
                        kept.of(DocumentJson.read(upsert.source())), kept.of(source), form.isRewritten()))
                .orElse(List.of());
    }

    private static Suspect of(DocumentChange change, Kind kind, List<String> paths, String mark) {
        return new Suspect(change.id(), Optional.of(change.root()), kind, paths, mark);
    }
}
