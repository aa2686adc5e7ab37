package io.pgsync.elasticsearch;

import io.pgsync.core.failure.SyncException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;

/** The engine refused a whole request. It is the cause of the {@link SyncException} with the message for the operator. */
public final class RefusedRequestException extends IOException {
    private static final long serialVersionUID = 1L;

    private final EngineError error;

    RefusedRequestException(EngineError error) {
        super(error.toString());
        this.error = error;
    }

    /** Whether the cause of a failure is a refusal with that status. */
    public static Predicate<Throwable> withStatus(int status) {
        return failure -> in(failure).filter(error -> error.status() == status).isPresent();
    }

    /** Whether the cause of a failure is a refusal of that type. */
    public static Predicate<Throwable> withType(String type) {
        return failure -> in(failure).filter(error -> error.type().equals(type)).isPresent();
    }

    /** The error with which the engine refused the request; empty for any other failure. */
    public static Optional<EngineError> in(Throwable failure) {
        return failure.getCause() instanceof RefusedRequestException refused
                ? Optional.of(refused.error)
                : Optional.empty();
    }
}
