package io.pgsync.replication.slot;

import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom a publication serves, in words that stand in its comment: COMMENT ON PUBLICATION is the one place for a note that goes when the
 * publication goes. Several schema files on one database tell their publications apart by it.
 *
 * @param database where it was written: a copy of the database has the comment too, and not the slot
 * @param slot the slot that is read with the publication
 * @param indexes those of one schema file; names of indexes have neither commas nor blanks
 */
public record PublicationMark(String database, String slot, Set<String> indexes) {
    private static final Pattern FORM =
            Pattern.compile("\\[pgsync: slot (\\S+) of database (.+) serves (\\S+(?:, \\S+)*)\\]", Pattern.DOTALL);

    public PublicationMark {
        indexes = Set.copyOf(indexes);
    }

    static Optional<PublicationMark> parse(String comment) {
        Matcher found = FORM.matcher(comment);
        return found.find()
                ? Optional.of(new PublicationMark(
                        found.group(2),
                        found.group(1),
                        Set.copyOf(Arrays.asList(found.group(3).split(", ", -1)))))
                : Optional.empty();
    }

    /** The comment with this mark in it; what somebody else wrote stays. */
    String in(String comment) {
        String rest = FORM.matcher(comment).replaceAll("").strip();
        String mark = "[pgsync: slot %s of database %s serves %s]"
                .formatted(slot, database, String.join(", ", new TreeSet<>(indexes)));
        return rest.isEmpty() ? mark : rest + " " + mark;
    }

    /** Whether it is, by one of the indexes at least, that of a schema file: files gain and lose documents. */
    public boolean serves(Collection<String> indexesOfAFile) {
        return indexes.stream().anyMatch(indexesOfAFile::contains);
    }
}
