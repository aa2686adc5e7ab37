package io.pgsync.replication.replica;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.failure.Remedy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/**
 * One read that a replica begins. It is tried again if it was in the way of the replay (a conflict with recovery); what it does not bring to its
 * end, and every row that it fails on, is read from the primary. No document is given twice.
 */
final class ReplicaRead {
    private static final Logger log = LoggerFactory.getLogger(ReplicaRead.class);
    /** See {@link Failed#type}. */
    private static final String SOURCE_FAILURE = "source_failure";

    private final Left left;
    private final Function<List<RootKey>, Flux<DocumentChange>> byKeys;
    private final DocumentReader primary;
    private final Set<RootKey> settled = new HashSet<>();
    private final List<RootKey> doubtful = new ArrayList<>();
    private boolean failed;

    /** {@code byKeys} reads from the primary. */
    ReplicaRead(Left left, Function<List<RootKey>, Flux<DocumentChange>> byKeys, DocumentReader primary) {
        this.left = left;
        this.byKeys = byKeys;
        this.primary = primary;
    }

    /** What is left to read. */
    interface Left {
        Flux<DocumentChange> from(DocumentReader reader, Set<RootKey> settled);
    }

    /** For one subscriber. */
    Flux<DocumentChange> from(Replica replica, RequiredPosition required) {
        return attempt(replica)
                .onErrorResume(Remedy::passes, conflict -> attempt(replica))
                .onErrorResume(failure -> {
                    log.debug(
                            "A read from replica {} goes on at the primary: {}", replica.address(), failure.toString());
                    failed = true;
                    return Flux.empty();
                })
                .concatWith(Flux.defer(() -> settled.isEmpty()
                        ? Flux.empty()
                        : replica.prove(required).thenMany(Flux.empty())))
                .concatWith(Flux.defer(this::rest));
    }

    private Flux<DocumentChange> attempt(Replica replica) {
        return Flux.defer(() -> {
            doubtful.clear();
            return left.from(replica.documents(), Set.copyOf(settled)).filter(this::isCertain);
        });
    }

    /** A replica may fail on a row for a reason of its own. */
    private boolean isCertain(DocumentChange change) {
        boolean isDoubtful = change instanceof Failed failure && failure.type().equals(SOURCE_FAILURE);
        if (isDoubtful) {
            doubtful.add(change.root());
        } else {
            settled.add(change.root());
        }
        return !isDoubtful;
    }

    private Flux<DocumentChange> rest() {
        if (failed) {
            return left.from(primary, Set.copyOf(settled));
        }
        return doubtful.isEmpty() ? Flux.empty() : byKeys.apply(List.copyOf(doubtful));
    }
}
