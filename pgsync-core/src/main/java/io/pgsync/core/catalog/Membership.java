package io.pgsync.core.catalog;

import java.util.Optional;
import java.util.Set;

/**
 * That a table is published, in marks: {@code publication OID XMIN OWNER} for the publication, {@code table OID XMIN} where the table was added by name,
 * {@code schema OID} where its schema was. An entry that was removed and added again has another identifier.
 */
final class Membership {
    private static final String PUBLICATION = "publication ";

    private Membership() {}

    /** Whether a table of the marks {@code then} that has those of {@code now} was published all the time, as far as they tell. */
    static boolean isOneOf(Set<String> then, Set<String> now) {
        boolean wasListed = then.stream().anyMatch(mark -> !mark.startsWith(PUBLICATION));
        boolean isStillListed =
                then.stream().filter(mark -> !mark.startsWith(PUBLICATION)).anyMatch(now::contains);
        return isSame(publication(then), publication(now)) && (!wasListed || isStillListed);
    }

    /** A new owner leaves what is published as it is, and writes the publication's row anew all the same. */
    private static boolean isSame(Optional<String> then, Optional<String> now) {
        if (then.isEmpty() || then.equals(now)) {
            return true;
        }
        String[] before = then.get().split(" ", -1);
        String[] after = now.orElse("").split(" ", -1);
        return before.length == after.length && before[1].equals(after[1]) && !before[3].equals(after[3]);
    }

    private static Optional<String> publication(Set<String> marks) {
        return marks.stream().filter(mark -> mark.startsWith(PUBLICATION)).findFirst();
    }
}
