package io.pgsync.runtime.verify;

import io.pgsync.core.audit.AuditProgress;
import io.pgsync.core.audit.AuditStore;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** The run beside which an audit goes on, and what is kept of it. */
final class AuditsInMemory implements AuditStore, AuditedRun {
    final Map<String, AuditProgress> kept = new HashMap<>();
    final List<Counts> found = new ArrayList<>();
    boolean isSound = true;

    @Override
    public Mono<Optional<AuditProgress>> load(String index) {
        return Mono.fromSupplier(() -> Optional.ofNullable(kept.get(index)));
    }

    @Override
    public Mono<Void> store(String index, AuditProgress progress) {
        return Mono.fromRunnable(() -> kept.put(index, progress));
    }

    @Override
    public boolean isSound(String index) {
        return isSound;
    }

    @Override
    public void audited(String index, Counts counts, AuditProgress now) {
        found.add(counts);
    }

    Counts all() {
        return found.stream().reduce(Counts.NONE, Counts::plus);
    }
}
