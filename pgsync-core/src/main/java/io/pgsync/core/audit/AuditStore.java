package io.pgsync.core.audit;

import java.util.Optional;
import reactor.core.publisher.Mono;

/** Port: keeps the {@link AuditProgress} of each index. Only the process that follows the index writes it. */
public interface AuditStore {
    /** Keeps nothing. */
    AuditStore NONE = new AuditStore() {
        @Override
        public Mono<Optional<AuditProgress>> load(String index) {
            return Mono.just(Optional.empty());
        }

        @Override
        public Mono<Void> store(String index, AuditProgress progress) {
            return Mono.empty();
        }
    };

    /** The progress with an index; an empty Optional if there is none. */
    Mono<Optional<AuditProgress>> load(String index);

    /** Replaces the progress with an index, whatever was there. */
    Mono<Void> store(String index, AuditProgress progress);
}
