package io.pgsync.core.catalog;

import java.util.Optional;
import java.util.Set;

/**
 * How a table is published, in marks: {@code publication OID XMIN OWNER} for the publication, {@code table OID XMIN} if
 * the table was added by name, {@code schema OID} if its schema was added. An entry that was removed and added again
 * has another identifier.
 */
final class Membership {
    private static final String PUBLICATION = "publication ";

    private Membership() {}

    /**
     * Whether a table with the marks {@code then} and {@code now} was published all the time, as far as the marks tell.
     */
    static boolean isOneOf(Set<String> then, Set<String> now) {
        boolean wasListed = then.stream().anyMatch(mark -> !mark.startsWith(PUBLICATION));
        boolean isStillListed =
                then.stream().filter(mark -> !mark.startsWith(PUBLICATION)).anyMatch(now::contains);
        return isSame(publication(then), publication(now)) && (!wasListed || isStillListed);
    }

    /**
     * A change of the owner writes a new version of the publication's row (another XMIN), but does not change what is
     * published.
     */
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
