package io.pgsync.core.affected;

import io.pgsync.core.affected.KeyLookups.Search;
import io.pgsync.core.affected.KeyLookups.Walk;
import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeEvent.Truncated;
import io.pgsync.core.change.ChangeWindow;
import io.pgsync.core.change.Relation;
import io.pgsync.core.change.RowChange;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;

/**
 * Finds the roots whose documents a window of changes affects, from both ends of every link it made or broke.
 *
 * <p>From new ends, and from old ends that the log carries, it walks upwards in the current state of the source. If a
 * link on the way breaks meanwhile, that is another change, so walking the current state converges. For old ends that
 * the log does not carry, it searches the index.
 */
public final class AffectedRootsResolver {
    private static final int PAGE = 256;

    private final TableRoles roles;
    private final SourceKeyLookup source;
    private final IndexSearches index;
    private final Consumer<Divergence> divergences;
    private final Set<PathToRoot> told = ConcurrentHashMap.newKeySet();

    /**
     * {@code divergences} receives rows whose roots cannot be found at all, before {@link #resolve} gives any roots.
     */
    public AffectedRootsResolver(
            TableRoles roles, SourceKeyLookup source, IndexSearches index, Consumer<Divergence> divergences) {
        this.roles = roles;
        this.source = source;
        this.index = index;
        this.divergences = divergences;
    }

    /**
     * The affected roots, some perhaps twice. Must be subscribed after the window's fence. Answers of the source come
     * first and do not wait for searches of the index. Demand is honoured, so a parent with a million roots streams.
     * The result holds only keys, no rows of the window, so the window may be released.
     */
    public Flux<AffectedRoots> resolve(ChangeWindow window) {
        KeyLookups lookups = lookupsFor(window);
        lookups.unfound().forEach(this::tell);
        var answers = new ArrayList<Flux<AffectedRoots>>();
        lookups.roots().forEach((index, roots) -> answers.add(Flux.just(new AffectedRoots(List.copyOf(roots), false))));
        lookups.walks().forEach((walk, rows) -> answers.add(paged(walk(walk, rows))));
        lookups.searches().forEach((search, keys) -> answers.add(paged(search(search, keys))));
        lookups.wholeTables().forEach(search -> answers.add(paged(searchTable(search))));
        // All at the same time, in any order: each answer is requested as fast as there is room for roots.
        return Flux.merge(answers);
    }

    private static Flux<AffectedRoots> paged(Flux<RootKey> answer) {
        return answer.buffer(PAGE).index((page, roots) -> new AffectedRoots(roots, page > 0));
    }

    private KeyLookups lookupsFor(ChangeWindow window) {
        var lookups = new KeyLookups();
        for (ChangeEvent event : window.changes()) {
            if (event instanceof RowChange change) {
                roles.of(change.relation().name()).forEach(role -> lookups.add(role, change));
            } else if (event instanceof Truncated truncated) {
                for (Relation relation : truncated.relations()) {
                    roles.of(relation.name()).forEach(lookups::addTruncated);
                }
            }
        }
        return lookups;
    }

    /**
     * Once for each table. The message does not name rows, because the text of a state must not grow with every run.
     */
    private void tell(PathToRoot role) {
        if (told.add(role)) {
            divergences.accept(new Divergence(
                    Kind.ROWS_UNREADABLE,
                    role.tree().index(),
                    "rows of \"%s\" changed whose keys and links (%s) are not valid text (bytes that are not UTF-8), so their documents cannot be found"
                            .formatted(role.start().name(), String.join(", ", role.linkColumns()))));
        }
    }

    private Flux<RootKey> walk(Walk walk, Set<List<String>> rows) {
        return source.rootsAbove(walk.path(), walk.start(), List.copyOf(rows))
                .onErrorResume(RowsNotWalkedException.class, failed -> searchAbove(walk, failed.rows()));
    }

    /** For rows from which the source cannot walk up: asks the index which documents hold the row above. */
    private Flux<RootKey> searchAbove(Walk walk, List<List<String>> rows) {
        UpperRole upper = UpperRole.above(walk, roles);
        return upper.keys(rows).map(keys -> search(upper.search(), keys)).orElseGet(() -> searchTable(upper.search()));
    }

    private Flux<RootKey> search(Search search, Collection<List<String>> keys) {
        return index.roots(named(search, Optional.of(List.copyOf(keys))));
    }

    private Flux<RootKey> searchTable(Search search) {
        return index.roots(named(search, Optional.empty()));
    }

    private static IndexSearch named(Search search, Optional<List<List<String>>> keys) {
        PathToRoot path = search.path();
        return new IndexSearch(path.tree().index(), path.metaTable(), path.metaColumns(), keys);
    }
}
