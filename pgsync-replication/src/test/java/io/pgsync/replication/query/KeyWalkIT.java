package io.pgsync.replication.query;

import static io.pgsync.replication.query.QueryFixture.child;
import static io.pgsync.replication.query.QueryFixture.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.SourceKeyLookup.Start;
import io.pgsync.core.affected.TableRoles;
import io.pgsync.core.change.TableName;
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

    /** In the order of the link's columns, whichever the catalogue gives. */
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
    void aParentOfManyRootsStreamsThemAll() {
        assertThat(shop.rootsAbove("publisher", Start.LINK, rows("1.5"))).hasSize(5_000);
    }
}
