package io.pgsync.replication.preflight;

/**
 * Something that the server lacks.
 *
 * @param subject what it is about: a setting, a role, a table
 * @param message what is wrong
 * @param remedy what to do about it
 */
public record Finding(Severity severity, String subject, String message, String remedy) {
    public enum Severity {
        /** Replication cannot work until it is mended. */
        PROBLEM,
        /** It works, but not for everything. */
        WARNING
    }

    static Finding problem(String subject, String message, String remedy) {
        return new Finding(Severity.PROBLEM, subject, message, remedy);
    }

    static Finding warning(String subject, String message, String remedy) {
        return new Finding(Severity.WARNING, subject, message, remedy);
    }

    @Override
    public String toString() {
        return "%s: %s. %s".formatted(subject, message, remedy);
    }
}
