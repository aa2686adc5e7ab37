package io.pgsync.replication.query;

import static io.pgsync.replication.query.QueryFixture.child;
import static io.pgsync.replication.query.QueryFixture.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.affected.RowsNotWalkedException;
import io.pgsync.core.affected.SourceKeyLookup.Start;
import io.pgsync.core.affected.TableRoles;
import io.pgsync.core.change.TableName;
import io.pgsync.core.checkpoint.DivergenceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KeyWalkIT {
    private static QueryFixture shop;

    @BeforeAll
    static void create() {
        String author = child("author", "one_to_many", "object", ", 'through_tables': ['book_author']", "");
        String reply = child("reply", "one_to_many", "object", "", "");
        String review = child("review", "one_to_many", "object", "", ", 'children': [%s]".formatted(reply));
        shop = QueryFixture.of(
                """
                CREATE TABLE publisher (code numeric PRIMARY KEY);
                CREATE TABLE book (zone int, area text, code numeric REFERENCES publisher, PRIMARY KEY (zone, area));
                CREATE TABLE review (id uuid PRIMARY KEY, zone int, area text, FOREIGN KEY (zone, area) REFERENCES book);
                CREATE TABLE reply (id int PRIMARY KEY, review_id uuid REFERENCES review);
                CREATE TABLE author (id bigint PRIMARY KEY);
                CREATE TABLE book_author (zone int, area text, author_id bigint REFERENCES author, FOREIGN KEY (zone, area) REFERENCES book,
                    PRIMARY KEY (zone, area, author_id));
                INSERT INTO publisher VALUES (1.50);
                INSERT INTO book SELECT i, 'a' || i, 1.50 FROM generate_series(1, 5000) i;
                INSERT INTO review SELECT ('00000000-0000-0000-0000-00000000000' || i)::uuid, i, 'a' || i FROM generate_series(1, 3) i;
                INSERT INTO reply SELECT i, ('00000000-0000-0000-0000-00000000000' || i)::uuid FROM generate_series(1, 3) i;
                INSERT INTO author VALUES (1), (2);
                INSERT INTO book_author VALUES (1, 'a1', 1), (2, 'a2', 1), (2, 'a2', 2);
                """,
                "{'table': 'book', 'children': [%s, %s, %s]}"
                        .formatted(child("publisher", "one_to_one", "object", "", ""), review, author));
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void aLinkOfSeveralColumnsIsComparedWhole() {
        assertThat(shop.rootsAbove("review", Start.LINK, linked("1", "a1"))).containsExactly("a1|1");
        assertThat(shop.rootsAbove("review", Start.LINK, linked("1", "a2"))).isEmpty();
    }

    /** In the order of the link's columns, whichever the catalog gives. */
    private static List<List<String>> linked(String zone, String area) {
        boolean zoneFirst = TableRoles.of(List.of(shop.tree()))
                .of(new TableName("public", "review"))
                .get(0)
                .linkColumns()
                .get(0)
                .equals("zone");
        return zoneFirst ? rows(zone + "," + area) : rows(area + "," + zone);
    }

    @Test
    void aGrandchildClimbsFromItsLinkOrItsKey() {
        String review = "00000000-0000-0000-0000-000000000002";

        assertThat(shop.rootsAbove("reply", Start.LINK, rows(review))).containsExactly("a2|2");
        assertThat(shop.rootsAbove("reply", Start.KEY, rows("3", "1"))).containsExactly("a1|1", "a3|3");
        assertThat(shop.rootsAbove("reply", Start.KEY, rows("99"))).isEmpty();
    }

    @Test
    void aRowBehindAThroughTableFindsEachRootOnce() {
        assertThat(shop.rootsAbove("author", Start.LINK, rows("1", "2"))).containsExactly("a1|1", "a2|2");
    }

    @Test
    void aRowThatAViewOnTheWayFailsOnIsNamedBehindTheRootsOfTheOthers() {
        String reply = child("reply", "one_to_many", "object", linkedBy("review_id", "id"), "");
        String review = child(
                "seen",
                "one_to_many",
                "object",
                linkedBy("book_id", "id"),
                ", 'primary_key': ['id'], 'children': [%s]".formatted(reply));
        try (var library = QueryFixture.of("""
                CREATE FUNCTION chk(id int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
                  IF id IN (3, 6) THEN RAISE EXCEPTION 'no %', id; END IF; RETURN true; END $$;
                CREATE TABLE book (id int PRIMARY KEY);
                CREATE TABLE review (id int PRIMARY KEY, book_id int);
                CREATE VIEW seen AS SELECT * FROM review WHERE chk(id);
                CREATE TABLE reply (id int PRIMARY KEY, review_id int);
                INSERT INTO book SELECT generate_series(1, 8);
                INSERT INTO review SELECT i, i FROM generate_series(1, 8) i;
                """, "{'table': 'book', 'children': [%s]}".formatted(review))) {
            var roots = new ArrayList<RootKey>();

            assertThatThrownBy(() -> library.walk("reply", Start.LINK, rows("1", "2", "3", "4", "5", "6", "7", "8"))
                            .doOnNext(roots::add)
                            .blockLast(Duration.ofSeconds(60)))
                    .isInstanceOfSatisfying(
                            RowsNotWalkedException.class,
                            failed -> assertThat(failed.rows()).containsExactly(List.of("3"), List.of("6")));

            assertThat(roots).extracting(root -> root.key().get(0)).contains("1", "2", "4", "5", "7", "8");
        }
    }

    @Test
    void aViewOnTheWayThatFailsWhateverTheRowSetsTheDocumentAside() {
        String reply = child("reply", "one_to_many", "object", linkedBy("review_id", "id"), "");
        String review = child(
                "seen",
                "one_to_many",
                "object",
                linkedBy("book_id", "id"),
                ", 'primary_key': ['id'], 'children': [%s]".formatted(reply));
        // The planner itself calls an immutable function of constants.
        try (var library = QueryFixture.of("""
                CREATE FUNCTION chk(id int) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN
                  RAISE EXCEPTION 'no %', id; END $$;
                CREATE TABLE book (id int PRIMARY KEY);
                CREATE TABLE review (id int PRIMARY KEY, book_id int);
                CREATE VIEW seen AS SELECT * FROM review WHERE chk(7);
                CREATE TABLE reply (id int PRIMARY KEY, review_id int);
                """, "{'table': 'book', 'children': [%s]}".formatted(review))) {

            assertThatThrownBy(() ->
                            library.walk("reply", Start.LINK, rows("1", "2")).blockLast(Duration.ofSeconds(60)))
                    .isInstanceOfSatisfying(
                            DivergenceException.class,
                            aside -> assertThat(aside.divergences())
                                    .singleElement()
                                    .satisfies(found -> assertThat(found.index())
                                            .isEqualTo(library.tree().index())))
                    .hasMessageContainingAll("public.reply", "fails whatever the row", "no 7", "P0001");
        }
    }

    private static String linkedBy(String child, String parent) {
        return ", 'foreign_key': {'child': ['%s'], 'parent': ['%s']}".formatted(child, parent);
    }

    @Test
    void aParentOfManyRootsStreamsThemAll() {
        assertThat(shop.rootsAbove("publisher", Start.LINK, rows("1.5"))).hasSize(5_000);
    }
}
