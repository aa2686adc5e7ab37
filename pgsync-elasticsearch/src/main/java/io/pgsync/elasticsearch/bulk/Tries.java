package io.pgsync.elasticsearch.bulk;

import java.util.Collection;

/**
 * How often something was sent without success, by cause. Each cause has its own counter: if an engine was away or busy
 * for an hour, this says nothing about the document on which it fails afterwards.
 *
 * @param all the number for all causes
 */
record Tries(int all, int denials, int failures, int contests, int cuts, int suspicions, int absences) {
    static final Tries NONE = new Tries(0, 0, 0, 0, 0, 0, 0);

    private static final int MOST_DENIALS = 5;
    private static final int MOST_FAILURES = 8;
    private static final int MOST_CONTESTS = 2;
    private static final int MOST_CUTS = 5;
    private static final int MOST_SUSPICIONS = 1;
    /**
     * After each, the renewal asks the engine, and fails if the alias is lost; but a node may be slow to learn of an
     * existing alias.
     */
    private static final int MOST_ABSENCES = 5;

    /** One more try; {@code outcomes} are those of its items. */
    Tries and(Collection<ItemOutcome> outcomes) {
        return new Tries(
                all + 1,
                denials + (outcomes.contains(ItemOutcome.DENIED) ? 1 : 0),
                failures + (outcomes.contains(ItemOutcome.FAILED) ? 1 : 0),
                contests + (outcomes.contains(ItemOutcome.CONTESTED) ? 1 : 0),
                cuts + (outcomes.contains(ItemOutcome.CUT) ? 1 : 0),
                suspicions + (outcomes.contains(ItemOutcome.SUSPECT) ? 1 : 0),
                absences + (outcomes.contains(ItemOutcome.GONE) ? 1 : 0));
    }

    /** Whether an item with this outcome deserves another request like the one before. */
    boolean allowAnother(ItemOutcome outcome) {
        return switch (outcome) {
            case BUSY, BLOCKED, UNAVAILABLE -> true;
            case DENIED -> denials < MOST_DENIALS;
            case FAILED -> failures < MOST_FAILURES;
            case CONTESTED -> contests < MOST_CONTESTS;
            case CUT -> cuts < MOST_CUTS;
            case SUSPECT -> suspicions < MOST_SUSPICIONS;
            case GONE -> absences < MOST_ABSENCES;
            case STORED, SUPERSEDED, REJECTED -> false;
        };
    }
}
