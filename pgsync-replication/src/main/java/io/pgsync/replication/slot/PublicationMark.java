package io.pgsync.replication.slot;

import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom a publication serves, in words in its comment: COMMENT ON PUBLICATION is the only place for a note that
 * disappears with the publication. By it, several schema files on one database distinguish their publications.
 *
 * @param database the database in which it was written: a copy of a database has the comment but not the slot
 * @param slot the slot that is read with the publication
 * @param indexes the indexes of one schema file, as it names them; the names have neither commas nor blanks
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

    /** The comment with this mark in it; the text of others stays. */
    String in(String comment) {
        String rest = FORM.matcher(comment).replaceAll("").strip();
        String mark = "[pgsync: slot %s of database %s serves %s]"
                .formatted(slot, database, String.join(", ", new TreeSet<>(indexes)));
        return rest.isEmpty() ? mark : rest + " " + mark;
    }

    /** Whether it is the mark of a schema file, by at least one of the indexes: files gain and lose documents. */
    public boolean serves(Collection<String> indexesOfAFile) {
        return indexes.stream().anyMatch(indexesOfAFile::contains);
    }
}
