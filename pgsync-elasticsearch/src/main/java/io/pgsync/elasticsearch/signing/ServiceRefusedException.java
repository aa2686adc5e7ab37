package io.pgsync.elasticsearch.signing;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;

/** The hosting service refused a request, so the engine never saw it. */
public final class ServiceRefusedException extends SyncException {
    private static final long serialVersionUID = 1L;

    private final ServiceRefusal.Subject subject;

    /** {@code message}: as for every {@link SyncException}. */
    public ServiceRefusedException(Remedy remedy, String message, ServiceRefusal.Subject subject) {
        super(remedy, message);
        this.subject = subject;
    }

    /** Whether the service offers the operation to nobody, so that work has to go on without it. */
    public static boolean isOfOperation(Throwable failure) {
        return failure instanceof ServiceRefusedException refused
                && refused.subject == ServiceRefusal.Subject.OPERATION;
    }
}
