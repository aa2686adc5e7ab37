package io.pgsync.elasticsearch.signing;

import io.pgsync.core.failure.SyncException;
import java.util.Map;
import java.util.Optional;

/**
 * Signs requests for a hosting service, which checks signatures before the engine sees a request. Every try of a request
 * is signed anew, so the credentials may change at any time. Thread-safe.
 */
public interface RequestSigner {
    /**
     * The headers that make a request a signed one. May block, to fetch credentials for instance: it is called on a
     * thread of {@code Schedulers.boundedElastic()}. Fails with a {@link SyncException} that says what to do.
     */
    Map<String, String> sign(SignableRequest request);

    /**
     * What the service says in an answer that is not the engine's; empty if the answer is not from the service either.
     */
    Optional<ServiceRefusal> refusal(int status, String body);
}
