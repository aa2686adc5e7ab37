package io.pgsync.torture;

/** Something was not as it must be. */
public final class TortureFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    TortureFailure(String message) {
        super(message);
    }
}
