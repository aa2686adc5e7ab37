package io.pgsync.torture.report;

/** Something was not as it must be. */
public final class TortureFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TortureFailure(String message) {
        super(message);
    }
}
