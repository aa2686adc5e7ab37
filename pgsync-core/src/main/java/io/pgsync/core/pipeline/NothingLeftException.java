package io.pgsync.core.pipeline;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.List;

/** Every document is set aside. The message says what is wrong with each, and what to do. */
public final class NothingLeftException extends SyncException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> advice;

    /** {@code advice}: one text for each document. */
    public NothingLeftException(List<String> advice) {
        super(Remedy.STOP, "No document is left to follow.\n" + String.join("\n", advice));
        this.advice = List.copyOf(advice);
    }

    /** One text for each document. */
    public List<String> advice() {
        return advice;
    }
}
