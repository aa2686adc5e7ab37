package io.pgsync.runtime.config;

/**
 * How much of each index the process that follows it compares with its tables, all the time and beside everything else.
 * What differs is repaired.
 *
 * @param sharePerHour the part of its documents that is compared in an hour; 0 for none
 */
public record AuditRate(double sharePerHour) {
    /** Nothing is compared. */
    public static final AuditRate OFF = new AuditRate(0);

    public AuditRate {
        if (!(sharePerHour >= 0 && Double.isFinite(sharePerHour))) {
            throw new IllegalArgumentException("A share of the documents is 0 or more: " + sharePerHour);
        }
    }

    /** Whether nothing is compared. */
    public boolean isOff() {
        return sharePerHour == 0;
    }
}
