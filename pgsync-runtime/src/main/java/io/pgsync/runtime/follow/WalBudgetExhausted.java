package io.pgsync.runtime.follow;

import io.pgsync.runtime.report.WalStatus;

/** Ends a run whose slot keeps more than it may; only a signal within the run. */
final class WalBudgetExhausted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient WalStatus status;

    WalBudgetExhausted(WalStatus status) {
        super("The slot's budget is used up", null, false, false);
        this.status = status;
    }

    WalStatus status() {
        return status;
    }
}
