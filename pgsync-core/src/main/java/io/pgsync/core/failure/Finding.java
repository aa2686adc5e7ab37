package io.pgsync.core.failure;

/**
 * What an examination of a server says about one thing.
 *
 * @param subject what it is about: a setting, a role, a table
 * @param message its condition
 * @param remedy what to do about it, as SQL statements if possible; empty if there is nothing to do
 */
public record Finding(Severity severity, String subject, String message, String remedy) {
    /** From good to bad. */
    public enum Severity {
        /** As it should be. */
        FINE,
        /** It works, but not in all cases, or not for ever. */
        WARNING,
        /** It cannot work until it is corrected. */
        PROBLEM
    }

    /** There is nothing to do. */
    public static Finding fine(String subject, String message) {
        return new Finding(Severity.FINE, subject, message, "");
    }

    /** Somebody may do something about it. */
    public static Finding warning(String subject, String message, String remedy) {
        return new Finding(Severity.WARNING, subject, message, remedy);
    }

    /** Somebody must do something about it first. */
    public static Finding problem(String subject, String message, String remedy) {
        return new Finding(Severity.PROBLEM, subject, message, remedy);
    }

    /** Whether there is nothing to do. */
    public boolean isFine() {
        return severity == Severity.FINE;
    }

    @Override
    public String toString() {
        return remedy.isEmpty() ? subject + ": " + message : "%s: %s. %s".formatted(subject, message, remedy);
    }
}
