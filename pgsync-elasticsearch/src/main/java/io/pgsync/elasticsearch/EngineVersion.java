package io.pgsync.elasticsearch;

import io.pgsync.core.failure.Finding;

/** The kind and version of the engine that answers; {@code number} in the form of the engine. */
record EngineVersion(EngineKind kind, String number) {
    private static final String SUBJECT = "version";

    boolean isSupported() {
        return isFrom(kind.oldest());
    }

    /** Whether an equal or older release of its series was tried: within a series, engines accept the same requests. */
    boolean isTried() {
        return kind.tried().stream().anyMatch(release -> major(release) == major(number) && isFrom(release));
    }

    int major() {
        return major(number);
    }

    private boolean isFrom(String release) {
        return major(number) > major(release) || (major(number) == major(release) && minor(number) >= minor(release));
    }

    Finding finding() {
        if (!isSupported()) {
            return Finding.problem(
                    SUBJECT, this + " is too old", "Upgrade it to version " + String.join(" or ", kind.tried()));
        }
        return isTried()
                ? Finding.fine(SUBJECT, toString())
                : Finding.warning(
                        SUBJECT,
                        this + " was never tried with pgsync, as " + String.join(" and ", kind.tried()) + " were",
                        "Try it on a copy of your data first");
    }

    private static int major(String version) {
        return part(version, 0);
    }

    private static int minor(String version) {
        return part(version, 1);
    }

    /** Zero if there is none. */
    private static int part(String version, int position) {
        String[] parts = version.split("[^0-9]", -1);
        return parts.length > position && parts[position].matches("\\d{1,4}") ? Integer.parseInt(parts[position]) : 0;
    }

    @Override
    public String toString() {
        return kind.label() + " " + number;
    }
}
