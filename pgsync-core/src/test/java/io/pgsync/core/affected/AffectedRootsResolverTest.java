package io.pgsync.core.affected;

import static io.pgsync.core.affected.LoggedTable.BYTES;
import static io.pgsync.core.affected.LoggedTable.NULL;
import static io.pgsync.core.tree.Tables.table;
import static io.pgsync.core.tree.Trees.many;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeEvent.RelationDescribed;
import io.pgsync.core.change.ChangeEvent.Truncated;
import io.pgsync.core.change.ChangeWindow;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Trees;
import io.pgsync.core.version.Reach;
import io.pgsync.core.version.ReadVersions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class AffectedRootsResolverTest {
    private static final TableDefinition BOOK = table("book", "id int4 pk, publisher_id int4 -> publisher.id");
    private static final TableDefinition PUBLISHER = table("publisher", "id int4 pk");
    private static final TableDefinition REVIEW = table("review", "id int4 pk, book_id int4 -> book.id");
    private static final TableDefinition REPLY = table("reply", "id int4 pk, review_id int4 -> review.id");
    private static final DocumentTree TREE = Trees.nodes(
            "{'table': 'book', 'children': [%s, %s]}"
                    .formatted(many("publisher"), many("review", "", ", 'children': [%s]".formatted(many("reply")))),
            BOOK,
            PUBLISHER,
            REVIEW,
            REPLY);
    private static final ChangeEvent DELETED_REVIEW = LoggedTable.of(REVIEW).delete("7", NULL);

    private final ReadVersions reads = new ReadVersions(1);
    private final RefusedRoots refused = new RefusedRoots();
    private final List<String> asked = new ArrayList<>();
    private final List<Divergence> diverged = new ArrayList<>();
    private int rootsAbove = 1;
    private List<List<String>> notWalked = List.of();

    @Test
    void rowsThatNobodyCanFindTheDocumentsOfAreADivergenceThatIsToldOnce() {
        LoggedTable reviews = LoggedTable.of(REVIEW);
        AffectedRootsResolver resolver = resolver();

        for (var change : List.of(reviews.insert(BYTES, BYTES), reviews.insert(BYTES, BYTES))) {
            assertThat(resolver.resolve(window(change)).collectList().block()).isEmpty();
        }

        assertThat(diverged).singleElement().satisfies(found -> {
            assertThat(found.kind()).isEqualTo(Divergence.Kind.ROWS_UNREADABLE);
            assertThat(found.what()).contains("\"public.review\"", "(book_id)");
        });
    }

    @Test
    void aSearchWaitsForReadsUnderWayAndThenForARefresh() {
        Sinks.Empty<Void> stored = Sinks.empty();
        reads.during(Reach.wholeOf("shop"), version -> stored.asMono()).subscribe();
        var found = new ArrayList<String>();

        subscribe(found, DELETED_REVIEW);
        assertThat(asked).isEmpty();
        stored.tryEmitEmpty();

        assertThat(asked).containsExactly("refresh", "search review [id] [[7]]");
        assertThat(found).containsExactly("[40]");
    }

    @Test
    void whatTheSourceCanTellDoesNotWaitForSearches() {
        reads.during(Reach.wholeOf("shop"), version -> Mono.never()).subscribe();
        var found = new ArrayList<String>();

        subscribe(found, LoggedTable.of(REVIEW).update("7", "5"));

        assertThat(found).containsExactly("[5]");
    }

    @Test
    void rootsWhoseDocumentWasRefusedAreFoundByEverySearch() {
        refused.add(new RootKey("shop", List.of("9")), 1);
        refused.add(new RootKey("other", List.of("8")), 1);
        var found = new ArrayList<String>();

        subscribe(found, DELETED_REVIEW);

        assertThat(found).containsExactly("[40, 9]");
    }

    @Test
    void aTruncatedTableAffectsAllDocumentsWithRowsOfIt() {
        var found = new ArrayList<String>();

        subscribe(found, new Truncated(List.of(LoggedTable.of(REVIEW).relation())));

        assertThat(asked).containsExactly("refresh", "all review");
        assertThat(found).containsExactly("[41]");
    }

    @Test
    void aRowThatTheSourceFailsOnIsLookedForByTheRowAboveIt() {
        notWalked = List.of(List.of("5"));
        refused.add(new RootKey("shop", List.of("9")), 1);
        var found = new ArrayList<String>();

        subscribe(found, LoggedTable.of(REPLY).insert("1", "5"));

        assertThat(asked).containsExactly("refresh", "search review [id] [[5]]");
        assertThat(found).containsExactly("[0, 40, 9]");
    }

    @Test
    void aRowThatTheSourceFailsOnAffectsEveryDocumentWhenItsLinkDoesNotNameTheRowAboveIt() {
        notWalked = List.of(List.of("3"));
        var found = new ArrayList<String>();

        subscribe(found, LoggedTable.of(PUBLISHER).update("3"));

        assertThat(asked).containsExactly("refresh", "all book");
        assertThat(found).containsExactly("[0, 41]");
    }

    @Test
    void theFirstPageOfALargeAnswerGoesBeforeTheRest() {
        rootsAbove = 600;

        List<AffectedRoots> answer = resolver()
                .resolve(window(LoggedTable.of(PUBLISHER).update("3")))
                .collectList()
                .block();

        assertThat(answer).extracting(AffectedRoots::many).containsExactly(false, true, true);
        assertThat(answer).extracting(page -> page.roots().size()).containsExactly(256, 256, 88);
    }

    @Test
    void tablesOfNoTreeAndAnnouncementsAffectNothing() {
        TableDefinition other = table("other", "id int4 pk");
        var found = new ArrayList<String>();

        subscribe(
                found,
                LoggedTable.of(other).insert("1"),
                new RelationDescribed(LoggedTable.of(REVIEW).relation()));

        assertThat(found).isEmpty();
        assertThat(asked).isEmpty();
    }

    private void subscribe(List<String> found, ChangeEvent... changes) {
        resolver()
                .resolve(window(changes))
                .subscribe(answer -> found.add(answer.roots().stream()
                        .map(root -> root.key().get(0))
                        .toList()
                        .toString()));
    }

    private static ChangeWindow window(ChangeEvent... changes) {
        return new ChangeWindow(List.of(changes), Set.of(), Optional.empty(), Optional.empty());
    }

    private AffectedRootsResolver resolver() {
        SourceKeyLookup source = (path, start, values) -> Flux.range(0, rootsAbove)
                .map(AffectedRootsResolverTest::root)
                .concatWith(Mono.defer(() ->
                        notWalked.isEmpty() ? Mono.empty() : Mono.error(new RowsNotWalkedException(path, notWalked))));
        var index = new IndexKeyLookup() {
            @Override
            public Mono<Void> refresh(DocumentTree tree) {
                return Mono.fromRunnable(() -> asked.add("refresh"));
            }

            @Override
            public Flux<RootKey> rootsContaining(
                    DocumentTree tree, String table, List<String> columns, List<List<String>> keys) {
                return answer("search " + table + " " + columns + " " + keys, 40);
            }

            @Override
            public Flux<RootKey> rootsContainingAny(DocumentTree tree, String table, List<String> columns) {
                return answer("all " + table, 41);
            }
        };
        return new AffectedRootsResolver(
                TableRoles.of(List.of(TREE)),
                source,
                new StoredSearches(List.of(TREE), index, refused, reads.settled()),
                diverged::add);
    }

    private Flux<RootKey> answer(String question, int root) {
        return Flux.defer(() -> {
            asked.add(question);
            return Flux.just(root(root));
        });
    }

    private static RootKey root(int id) {
        return new RootKey("shop", List.of(Integer.toString(id)));
    }
}
