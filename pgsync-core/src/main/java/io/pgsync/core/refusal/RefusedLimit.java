package io.pgsync.core.refusal;

/**
 * The share of refused documents above which an index is set aside: a wrong mapping must not refuse a million documents
 * one by one. It is taken over the last {@value #WINDOW} documents, and over those seen so far once there are
 * {@value #LEAST}. Below that nobody can tell a wrong mapping from a small table with bad rows.
 *
 * @param percent from 1 to 100; with 100 there is no limit
 */
public record RefusedLimit(int percent) {
    static final int WINDOW = 1_000;
    static final int LEAST = 500;

    /** More than half. */
    public static final RefusedLimit STANDARD = new RefusedLimit(50);

    /** No index is set aside. */
    public static final RefusedLimit NONE = new RefusedLimit(100);

    public RefusedLimit {
        if (percent < 1 || percent > 100) {
            throw new IllegalArgumentException("Not a percentage from 1 to 100: " + percent);
        }
    }

    boolean isExceededBy(int refused, int documents) {
        return documents >= LEAST && refused * 100L > percent * (long) documents;
    }
}
