package io.pgsync.core.schema;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Suggests the name that was probably meant by one that does not exist. */
public final class NearestName {
    private NearestName() {}

    /** {@code did you mean "x"?} with the most similar name, if one is similar enough to be a spelling mistake. */
    public static Optional<String> of(String wrong, Collection<String> names) {
        return names.stream()
                .filter(name -> distance(wrong, name) <= (wrong.length() + 2) / 3)
                .min(Comparator.<String>comparingInt(name -> distance(wrong, name))
                        .thenComparing(Comparator.naturalOrder()))
                .map("did you mean \"%s\"?"::formatted);
    }

    /** Levenshtein's distance without regard to case, with one row of the matrix at a time. */
    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (same(left.charAt(i - 1), right.charAt(j - 1)) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[right.length()];
    }

    private static boolean same(char left, char right) {
        return Character.toLowerCase(left) == Character.toLowerCase(right);
    }
}
