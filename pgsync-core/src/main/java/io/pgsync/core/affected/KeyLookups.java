package io.pgsync.core.affected;

import io.pgsync.core.affected.ChangedRow.Values;
import io.pgsync.core.affected.SourceKeyLookup.Start;
import io.pgsync.core.change.OldRow;
import io.pgsync.core.change.RowChange;
import io.pgsync.core.change.RowChange.RowDeleted;
import io.pgsync.core.change.RowChange.RowInserted;
import io.pgsync.core.change.RowChange.RowUpdated;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The questions that must be asked to find the roots of a window's changes, each once for all rows that need it. They
 * are root keys that the log itself names, walks in the source from new and old ends of links, and searches of the
 * index for old ends that the log does not carry.
 */
final class KeyLookups {
    private final Map<String, Set<RootKey>> roots = new LinkedHashMap<>();
    private final Map<Walk, Set<List<String>>> walks = new LinkedHashMap<>();
    private final Map<Search, Set<List<String>>> searches = new LinkedHashMap<>();
    private final Set<Search> wholeTables = new LinkedHashSet<>();
    private final Set<PathToRoot> unfound = new LinkedHashSet<>();

    record Walk(PathToRoot path, Start start) {}

    /** Roles with the same {@code _meta} entry share one search. */
    record Search(PathToRoot path) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Search that
                    && path.tree().index().equals(that.path.tree().index())
                    && path.metaTable().equals(that.path.metaTable())
                    && path.metaColumns().equals(that.path.metaColumns());
        }

        @Override
        public int hashCode() {
            return path.metaTable().hashCode() * 31 + path.tree().index().hashCode();
        }
    }

    /** Roots that the log itself names, by index. */
    Map<String, Set<RootKey>> roots() {
        return roots;
    }

    Map<Walk, Set<List<String>>> walks() {
        return walks;
    }

    Map<Search, Set<List<String>>> searches() {
        return searches;
    }

    /** Tables of which all documents with any of their rows are affected. */
    Set<Search> wholeTables() {
        return wholeTables;
    }

    /** Tables with changed rows from which neither a walk nor a search leads up. */
    Set<PathToRoot> unfound() {
        return unfound;
    }

    void addTruncated(PathToRoot role) {
        wholeTables.add(new Search(role));
    }

    void add(PathToRoot role, RowChange change) {
        var proof = new IdentityProof(change.relation(), role.start());
        if (change instanceof RowInserted inserted) {
            addNewEnd(role, ChangedRow.after(proof, inserted.after(), null));
        } else if (change instanceof RowUpdated updated) {
            OldRow before = updated.before().orElse(null);
            ChangedRow after = ChangedRow.after(proof, updated.after(), before);
            if (before != null && isUnseen(role, ChangedRow.before(proof, before), after)) {
                return;
            }
            addNewEnd(role, after);
            addOldEnd(role, after, updated.before());
        } else if (change instanceof RowDeleted deleted) {
            addBroken(role, ChangedRow.before(proof, deleted.before()));
        } else {
            throw new AssertionError("Unhandled change: " + change);
        }
    }

    /** Whether the change touches nothing that documents show. It takes a whole old row to prove that (REPLICA IDENTITY FULL). */
    private static boolean isUnseen(PathToRoot role, ChangedRow before, ChangedRow after) {
        return role.used().filter(used -> used.areSame(before, after)).isPresent();
    }

    private void addNewEnd(PathToRoot role, ChangedRow after) {
        addRowOfView(role, after);
        Values link = after.values(role.linkColumns());
        if (link instanceof Values.Known known) {
            addLink(role, known.texts());
        } else if (link instanceof Values.Unknown
                && after.values(role.start().primaryKey()) instanceof Values.Known key
                && !key.texts().isEmpty()) {
            question(walks, new Walk(role, Start.KEY), key.texts());
        } else if (link instanceof Values.WithNull && role.isRoot()) {
            String index = role.tree().index();
            question(roots, index, RootKey.none(index));
        } else if (link instanceof Values.Unknown) {
            addUnreadable(role, after);
        }
    }

    /**
     * A root with that key has no document, which must be reported. For any other row nobody knows which documents
     * contain it.
     */
    private void addUnreadable(PathToRoot role, ChangedRow after) {
        String index = role.tree().index();
        if (role.isRoot()) {
            after.unreadable(role.linkColumns())
                    .ifPresent(shown -> question(roots, index, RootKey.unreadable(index, shown)));
        } else if (isUnreadable(after, role.linkColumns())
                || isUnreadable(after, role.start().primaryKey())) {
            unfound.add(role);
        }
    }

    private void addOldEnd(PathToRoot role, ChangedRow after, Optional<OldRow> before) {
        List<String> link = role.linkColumns();
        if (before.isEmpty()) {
            if (!after.proof().covers(link)) {
                addSearchUnderOldKey(role, after);
            }
            return;
        }
        ChangedRow old = ChangedRow.before(after.proof(), before.get());
        Values oldLink = old.values(link);
        // If the old value was null, or is the same as the new one, there is no other end.
        if (oldLink instanceof Values.Unknown || !oldLink.equals(after.values(link))) {
            addBroken(role, old);
        }
    }

    private void addSearchUnderOldKey(PathToRoot role, ChangedRow after) {
        if (after.proof().covers(role.metaColumns())) {
            addSearch(role, after);
        } else if (!role.isReferencedFromAbove()) {
            wholeTables.add(new Search(role));
        }
        // Otherwise the constraint forces a change of the rows that pointed at the old values.
    }

    private void addBroken(PathToRoot role, ChangedRow old) {
        addRowOfView(role, old);
        Values link = old.values(role.linkColumns());
        if (link instanceof Values.Known known) {
            addLink(role, known.texts());
        } else if (link instanceof Values.Unknown && !isUnreadableRoot(role, old)) {
            addSearch(role, old);
        }
    }

    /** Such a root never had a document. */
    private static boolean isUnreadableRoot(PathToRoot role, ChangedRow old) {
        return role.isRoot() && isUnreadable(old, role.linkColumns());
    }

    private static boolean isUnreadable(ChangedRow row, List<String> columns) {
        return row.unreadable(columns).isPresent();
    }

    /**
     * A view may stop showing a row, or show it in another place, without a change of its own. So the documents that
     * hold the row are searched.
     */
    private void addRowOfView(PathToRoot role, ChangedRow row) {
        boolean isRootItself = row.values(role.linkColumns()) instanceof Values.Known link
                && role.rootKeyOf(link.texts()).isPresent();
        if (role.isBaseOfView() && !isRootItself) {
            addSearch(role, row);
        }
    }

    private void addLink(PathToRoot role, List<String> link) {
        Optional<List<String>> direct = role.rootKeyOf(link);
        if (direct.isPresent()) {
            String index = role.tree().index();
            question(roots, index, new RootKey(index, direct.get()));
        } else {
            question(walks, new Walk(role, Start.LINK), link);
        }
    }

    private void addSearch(PathToRoot role, ChangedRow row) {
        Values key = row.values(role.metaColumns());
        if (key instanceof Values.Known known) {
            question(searches, new Search(role), role.inMeta(known.texts()));
        } else {
            // The identity does not have the key by which _meta lists the row. Only the set of all documents with rows
            // of the table is certain to include those with this row.
            wholeTables.add(new Search(role));
        }
    }

    private static <Q, V> void question(Map<Q, Set<V>> questions, Q question, V row) {
        questions.computeIfAbsent(question, q -> new LinkedHashSet<>()).add(row);
    }
}
