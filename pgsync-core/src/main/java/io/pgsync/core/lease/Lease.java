package io.pgsync.core.lease;

/**
 * The sign of life of the process that follows a slot. It has no time in it, because the clocks of two machines may differ or stand still:
 * whoever looks several times and finds the same beat knows that nobody renews it.
 *
 * @param name that of the lease; one for each slot of each server
 * @param session the session of PostgreSQL that streams from the slot
 * @param beat grows as long as the process lives and has its session
 */
public record Lease(String name, String session, long beat) {
    /** The lease of a session that has just begun. */
    public static Lease begun(String name, String session) {
        return new Lease(name, session, 0);
    }

    /** The same lease with the next beat. */
    public Lease renewed() {
        return new Lease(name, session, beat + 1);
    }
}
