package io.pgsync.core.failure;

/**
 * What an examination of a server says about one thing.
 *
 * @param subject what it is about: a setting, a role, a table
 * @param message how it stands
 * @param remedy what to do about it, as statements where statements do it; empty when nothing is to be done
 */
public record Finding(Severity severity, String subject, String message, String remedy) {
    /** From good to bad. */
    public enum Severity {
        /** As it should be. */
        FINE,
        /** It works, but not for everything, or not for ever. */
        WARNING,
        /** It cannot work until it is mended. */
        PROBLEM
    }

    /** Nothing is to be done. */
    public static Finding fine(String subject, String message) {
        return new Finding(Severity.FINE, subject, message, "");
    }

    /** Something may be done. */
    public static Finding warning(String subject, String message, String remedy) {
        return new Finding(Severity.WARNING, subject, message, remedy);
    }

    /** Something must be done first. */
    public static Finding problem(String subject, String message, String remedy) {
        return new Finding(Severity.PROBLEM, subject, message, remedy);
    }

    /** Whether nothing is to be done. */
    public boolean isFine() {
        return severity == Severity.FINE;
    }

    @Override
    public String toString() {
        return remedy.isEmpty() ? subject + ": " + message : "%s: %s. %s".formatted(subject, message, remedy);
    }
}
