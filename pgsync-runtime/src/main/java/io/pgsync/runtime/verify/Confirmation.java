package io.pgsync.runtime.verify;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.lookup.StoredCopy;
import io.pgsync.runtime.report.Difference.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * Tells differences from changes that are under way. A round looks at the stored copy, reads the document, waits until
 * everything that this read may show is stored, and looks at the copy again. If nobody has written the copy in between,
 * it shows everything up to the read and nothing after it, so it must equal what was read. Otherwise another round is
 * needed.
 *
 * <p>A copy that is absent twice may have been there in between. So a document is missing only if the root row is the
 * same before and after, too: then it was never deleted.
 */
final class Confirmation {
    static final int MOST_ROUNDS = 10;
    /** Rows of views have no mark; a root that was there so often is believed to have been there all the time. */
    static final int ROUNDS_WITHOUT_MARK = 3;

    private final DocumentTree tree;
    private final Sides sides;
    private final Comparison comparison;

    Confirmation(DocumentTree tree, Sides sides, Comparison comparison) {
        this.tree = tree;
        this.sides = sides;
        this.comparison = comparison;
    }

    /**
     * What became of suspects.
     *
     * @param proven those that are wrong
     * @param refused how many are known to be refused, or cannot be made
     * @param undecided how many changed in every round
     */
    record Confirmed(List<Suspect> proven, long refused, long undecided) {}

    private record Round(int number, List<Suspect> open, List<Suspect> proven, long refused) {
        boolean isLast() {
            return open.isEmpty() || number == MOST_ROUNDS;
        }
    }

    /** Marks of stored copies and of root rows, by id. */
    private record Marks(Map<String, StoredCopy> copies, Optional<Map<String, String>> rows) {
        String copy(String id) {
            return Optional.ofNullable(copies.get(id)).map(StoredCopy::mark).orElse(Suspect.ABSENT);
        }

        /** Empty if it is not there; an empty text if nobody can tell which version of the row it is. */
        Optional<String> row(String id) {
            return rows.map(known -> Optional.ofNullable(known.get(id))).orElse(Optional.of(""));
        }
    }

    private record Look(List<Suspect> suspects, long unmade) {}

    Mono<Confirmed> of(List<Suspect> suspects) {
        return Mono.just(new Round(0, List.copyOf(byId(suspects).values()), List.of(), 0))
                .expand(round -> round.isLast() ? Mono.empty() : next(round))
                .last()
                .map(end ->
                        new Confirmed(end.proven(), end.refused(), end.open().size()));
    }

    /** One may be suspected twice: as missing when its row was there, and as extra a moment later. */
    private static Map<String, Suspect> byId(List<Suspect> suspects) {
        var known = new LinkedHashMap<String, Suspect>();
        suspects.forEach(suspect -> known.putIfAbsent(suspect.id(), suspect));
        return known;
    }

    private Mono<Round> next(Round round) {
        return marks(round.open())
                .flatMap(before -> look(round.open(), before)
                        .flatMap(look -> look.suspects().isEmpty()
                                ? Mono.just(after(round, List.of(), List.of(), look.unmade()))
                                : sides.caughtUp()
                                        .flatMap(state -> marks(look.suspects())
                                                .map(after -> judged(round, look, state, before, after)))));
    }

    /** The rows last: if they are there, nothing has removed the copies that were looked for before. */
    private Mono<Marks> marks(List<Suspect> suspects) {
        return sides.marks(suspects.stream().map(Suspect::id).toList())
                .flatMap(copies -> sides.rows(roots(suspects)).map(rows -> new Marks(copies, rows)));
    }

    private static List<RootKey> roots(List<Suspect> suspects) {
        return suspects.stream().flatMap(suspect -> suspect.root().stream()).toList();
    }

    /** Those that still look wrong. A read may give other documents too, for keys that are written in another form. */
    private Mono<Look> look(List<Suspect> open, Marks before) {
        Set<String> known = byId(open).keySet();
        List<Suspect> withoutRoot =
                open.stream().filter(suspect -> suspect.root().isEmpty()).toList();
        return comparison
                .of(sides.source()
                        .read(tree, roots(open))
                        .filter(change -> known.contains(change.id()))
                        .distinct(DocumentChange::id))
                .collectList()
                .map(groups -> {
                    List<Suspect> still = new ArrayList<>();
                    groups.forEach(group -> still.addAll(group.suspects()));
                    withoutRoot.stream()
                            .filter(suspect -> !before.copy(suspect.id()).equals(Suspect.ABSENT))
                            .map(suspect -> new Suspect(
                                    suspect.id(), Optional.empty(), Kind.EXTRA, List.of(), before.copy(suspect.id())))
                            .forEach(still::add);
                    return new Look(
                            still,
                            groups.stream()
                                    .mapToLong(Comparison.Compared::unmade)
                                    .sum());
                });
    }

    private static Round judged(Round round, Look look, SyncState state, Marks before, Marks after) {
        Set<String> refused = new HashSet<>(state.refused());
        List<Suspect> proven = new ArrayList<>();
        List<Suspect> open = new ArrayList<>();
        long known = look.unmade();
        for (Suspect suspect : look.suspects()) {
            if (suspect.kind() != Kind.EXTRA && refused.contains(suspect.id())) {
                known++;
            } else if (isProven(suspect, round.number() + 1, before, after)) {
                proven.add(suspect);
            } else {
                open.add(suspect);
            }
        }
        return after(round, open, proven, known);
    }

    private static Round after(Round round, List<Suspect> open, List<Suspect> proven, long refused) {
        var all = new ArrayList<>(round.proven());
        all.addAll(proven);
        return new Round(round.number() + 1, open, all, round.refused() + refused);
    }

    private static boolean isProven(Suspect suspect, int round, Marks before, Marks after) {
        String id = suspect.id();
        boolean untouched =
                suspect.mark().equals(before.copy(id)) && suspect.mark().equals(after.copy(id));
        return untouched && (suspect.kind() != Kind.MISSING || stood(before.row(id), after.row(id), round));
    }

    /** Whether a root row was there all the time between two looks. */
    private static boolean stood(Optional<String> before, Optional<String> after, int round) {
        return before.isPresent() && before.equals(after) && (!before.get().isEmpty() || round >= ROUNDS_WITHOUT_MARK);
    }
}
