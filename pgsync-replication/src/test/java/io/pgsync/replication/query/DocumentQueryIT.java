package io.pgsync.replication.query;

import static io.pgsync.replication.query.QueryFixture.child;
import static io.pgsync.replication.query.QueryFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Upsert;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentQueryIT {
    private static final String SHOP = """
            CREATE TABLE book (isbn text PRIMARY KEY);
            CREATE TABLE rating (id int PRIMARY KEY, book_isbn text REFERENCES book, value numeric(3,1));
            CREATE TABLE author (id int PRIMARY KEY, name text);
            CREATE TABLE book_author (id int PRIMARY KEY, book_isbn text REFERENCES book, author_id int REFERENCES author);
            INSERT INTO book VALUES ('a'), ('b'), ('c');
            INSERT INTO rating VALUES (3, 'a', 3.5), (1, 'a', 1.5), (2, 'a', NULL), (4, 'c', 4.5);
            INSERT INTO author VALUES (1, 'X'), (2, NULL);
            INSERT INTO book_author VALUES (7, 'a', 2), (5, 'a', 1), (6, 'a', NULL), (8, 'a', 1);
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "one_to_many | object | {'id':1,'value':1.5} {'id':2,'value':null} {'id':3,'value':3.5} | [{'id':4,'value':4.5}]",
                "one_to_many | scalar | 1 2 3 | [4]",
                "one_to_one | object | - | {'id':4,'value':4.5}",
                "one_to_one | scalar | - | 4"
            })
    void eachRelationshipAndVariant(String type, String variant, String ofA, String ofC) {
        String rating = child("rating", type, variant, "", ", 'columns': ['id', 'value']");

        try (var shop = QueryFixture.of(SHOP, "{'table': 'book', 'children': [%s]}".formatted(rating))) {
            String ofFirst = variant.equals("object") ? "{'id':1,'value':1.5}" : "1";
            String expected = ofA.equals("-") ? ofFirst : "[" + ofA.replace(" ", ",") + "]";
            assertThat(shop.document("a").get("rating")).isEqualTo(json(expected));
            assertThat(shop.document("c").get("rating")).isEqualTo(json(ofC));
            assertThat(shop.document("b").get("rating").isNull()).isTrue();
            assertThat(shop.document("b").get("_meta")).isEqualTo(json("{'book':{'isbn':['b']}}"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "one_to_many | object | [{'name':'X'},{'name':'X'},{'name':null},null]",
                "one_to_many | scalar | ['X','X',null,null]",
                "one_to_one | object | {'name':'X'}",
                "one_to_one | scalar | 'X'"
            })
    void throughTablesKeepDuplicatesAndRowsThatLeadNowhere(String type, String variant, String expected) {
        String author = child("author", type, variant, ", 'through_tables': ['book_author']", ", 'columns': ['name']");

        try (var shop = QueryFixture.of(SHOP, "{'table': 'book', 'children': [%s]}".formatted(author))) {
            assertThat(shop.document("a").get("author")).isEqualTo(json(expected));
            assertThat(shop.document("b").get("author").isNull()).isTrue();
        }
    }

    @Test
    void metaListsTheThroughRowsThatLeadNowhereApart() {
        String author = child("author", "one_to_many", "object", ", 'through_tables': ['book_author']", "");

        try (var shop = QueryFixture.of(SHOP, "{'table': 'book', 'children': [%s]}".formatted(author))) {
            assertThat(shop.document("a").get("_meta"))
                    .isEqualTo(json("{'_unlinked':{'book_author id':[6]},'author':{'id':[1,2]},'book':{'isbn':['a']},"
                            + "'book_author':{'id':[5,7,8]}}"));
        }
    }

    @Test
    void nestedNodesVanishWithTheirParent() {
        String ddl = """
                CREATE TABLE usr (id int PRIMARY KEY, name text);
                CREATE TABLE grp (id int PRIMARY KEY, name text);
                CREATE TABLE ug (usr_id int REFERENCES usr, grp_id int REFERENCES grp, PRIMARY KEY (usr_id, grp_id));
                CREATE TABLE item (id int PRIMARY KEY, buyer int REFERENCES usr, seller int REFERENCES usr);
                INSERT INTO usr VALUES (1, 'u1'), (2, 'u2'); INSERT INTO grp VALUES (1, 'g1'), (2, 'g2');
                INSERT INTO ug VALUES (1, 2), (1, 1); INSERT INTO item VALUES (1, 1, 2), (2, NULL, NULL);
                """;
        String groups = child("grp", "one_to_many", "scalar", ", 'through_tables': ['ug']", ", 'columns': ['name']");
        String buyer = child(
                "usr", "one_to_one", "object", ", 'foreign_key': {'parent': ['buyer'], 'child': ['id']}", """
                , 'label': 'buyer', 'columns': ['name'], 'children': [%s]""".formatted(
                                groups));
        String seller = child(
                "usr",
                "one_to_one",
                "scalar",
                ", 'foreign_key': {'parent': ['seller'], 'child': ['id']}",
                ", 'label': 'seller', 'columns': ['name']");

        try (var shop = QueryFixture.of(
                ddl, "{'table': 'item', 'columns': ['id'], 'children': [%s, %s]}".formatted(buyer, seller))) {
            assertThat(shop.document("1")).isEqualTo(json("""
                    {'id':1,'buyer':{'name':'u1','grp':['g1','g2']},'seller':'u2','_meta':{'grp':{'id':[1,2]},
                     'item':{'id':['1']},'ug':{'grp_id':[1,2],'usr_id':[1]},'usr':{'id':[1,2]}}}"""));
            assertThat(shop.document("2"))
                    .isEqualTo(json("{'id':2,'buyer':null,'seller':null,'_meta':{'item':{'id':['2']}}}"));
        }
    }

    @Test
    void aSelfReferenceLeadsDownOrUp() {
        String ddl = """
                CREATE TABLE node (id int PRIMARY KEY, node_id int REFERENCES node);
                INSERT INTO node VALUES (1, NULL), (2, 1), (3, 1), (4, 2);
                """;
        String up = ", 'foreign_key': {'parent': ['node_id'], 'child': ['id']}";
        String below = child("node", "one_to_many", "scalar", "", ", 'label': 'below', 'columns': ['id']");
        String above = child("node", "one_to_one", "scalar", up, ", 'label': 'above', 'columns': ['id']");

        try (var tree = QueryFixture.of(
                ddl, "{'table': 'node', 'columns': ['id'], 'children': [%s, %s]}".formatted(below, above))) {
            assertThat(tree.document("1")).isEqualTo(json("""
                    {'id':1,'below':[2,3],'above':null,'_meta':{'node':{'id':['1',2,3]}}}"""));
            assertThat(tree.document("2")).isEqualTo(json("""
                    {'id':2,'below':[4],'above':1,'_meta':{'node':{'id':['2',1,4]}}}"""));
        }
    }

    @Test
    void compositeKeysJoinByAllTheirColumns() {
        String ddl = """
                CREATE TABLE ord (zone int, area text, PRIMARY KEY (zone, area));
                CREATE TABLE line (n int, zone int, area text, PRIMARY KEY (n, zone), FOREIGN KEY (zone, area) REFERENCES ord);
                INSERT INTO ord VALUES (1, 'x'), (1, 'y'), (2, 'x');
                INSERT INTO line VALUES (8, 1, 'x'), (9, 1, 'y'), (8, 2, 'x');
                """;
        String line = child("line", "one_to_many", "scalar", "", ", 'columns': ['n']");

        try (var shop = QueryFixture.of(ddl, "{'table': 'ord', 'children': [%s]}".formatted(line))) {
            assertThat(shop.document("x", "1")).isEqualTo(json("""
                    {'zone':1,'area':'x','line':[8],'_meta':{'line':{'n':[8],'zone':[1]},'ord':{'area':['x']}}}"""));
            assertThat(shop.isGone("y", "2")).isTrue();
        }
    }

    @Test
    void rootsThatAreGoneAreDeletes() {
        try (var shop = QueryFixture.of(SHOP, "{'table': 'book'}")) {
            List<DocumentChange> changes = shop.read(List.of(shop.root("a"), shop.root("z"), shop.root("b")));

            assertThat(changes).filteredOn(Upsert.class::isInstance).hasSize(2);
            assertThat(changes).filteredOn(Delete.class::isInstance).containsExactly(new Delete(shop.root("z"), "z"));
        }
    }

    @Test
    void aKeyWithTheSeparatorInsideIsReadWithoutMistakingItsParts() {
        String ddl = """
                CREATE TABLE t (a text, n int, PRIMARY KEY (a, n));
                INSERT INTO t VALUES ('x|y', 7), (repeat('|', 90), 1);
                """;

        try (var shop = QueryFixture.of(ddl, "{'table': 't'}")) {
            assertThat(shop.document("x|y", "7").get("n").asInt()).isEqualTo(7);
            assertThat(shop.document("|".repeat(90), "1").get("n").asInt()).isEqualTo(1);
            assertThat(shop.isGone("x", "7")).isTrue();
        }
    }
}
