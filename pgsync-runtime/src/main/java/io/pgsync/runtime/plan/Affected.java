package io.pgsync.runtime.plan;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The roots whose documents a difference alters.
 *
 * @param conditions over the columns of the root: the roots that match one of them
 * @param all every root, whatever the conditions
 * @param withoutDocument whether rows of the root's table that have no document now are among them
 */
record Affected(List<String> conditions, boolean all, boolean withoutDocument) {
    static final Affected NONE = new Affected(List.of(), false, false);
    static final Affected ALL = new Affected(List.of(), true, false);

    Affected {
        conditions = List.copyOf(conditions);
    }

    static Affected matching(String condition) {
        return new Affected(List.of(condition), false, false);
    }

    /** Rows that are documents only now, and rows that were. */
    static Affected joiningOrLeaving(String condition) {
        return new Affected(List.of(condition), false, true);
    }

    static Affected together(Collection<Affected> parts) {
        return new Affected(
                parts.stream()
                        .flatMap(part -> part.conditions().stream())
                        .distinct()
                        .toList(),
                parts.stream().anyMatch(Affected::all),
                parts.stream().anyMatch(Affected::withoutDocument));
    }

    boolean isNone() {
        return !all && conditions.isEmpty();
    }

    /** One condition for all; only if there are conditions. */
    String condition() {
        return conditions.size() == 1
                ? conditions.get(0)
                : conditions.stream().collect(Collectors.joining(") OR (", "(", ")"));
    }
}
