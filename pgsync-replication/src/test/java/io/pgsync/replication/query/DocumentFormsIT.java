package io.pgsync.replication.query;

import static io.pgsync.replication.query.QueryFixture.child;
import static io.pgsync.replication.query.QueryFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentFormsIT {
    private static final String TREE = """
            CREATE TABLE r (id int PRIMARY KEY, doc jsonb, raw json);
            CREATE TABLE c (id int PRIMARY KEY, r_id int REFERENCES r, rank int, kind text, tags text[], raw json);
            INSERT INTO r VALUES (1, '{"a": {"b": [10, 20]}, "t": "x"}', E'{"k": 1,\\n "k": 2}'), (2, NULL, NULL);
            INSERT INTO c VALUES (1, 1, 3, 'x', '{a,b}', E'[1,\\n2]'), (2, 1, NULL, 'x', NULL, NULL),
                (3, 1, 1, 'y', '{c}', NULL), (4, 1, 1, 'x', '{}', NULL);
            """;

    @ParameterizedTest
    @ValueSource(ints = {50, 51, 101, 250})
    void anyNumberOfColumnsFitsOneDocument(int columns) {
        String names = IntStream.range(0, columns)
                .mapToObj(i -> "c" + i + " int DEFAULT " + i)
                .collect(Collectors.joining(", "));

        try (var wide = QueryFixture.of(
                "CREATE TABLE w (id int PRIMARY KEY, %s); INSERT INTO w VALUES (1)".formatted(names),
                "{'table': 'w'}")) {
            JsonNode document = wide.document("1");
            assertThat(document).hasSize(columns + 2);
            assertThat(document.get("c" + (columns - 1)).asInt()).isEqualTo(columns - 1);
            assertThat(document.get("_meta")).isEqualTo(json("{'w':{'id':['1']}}"));
        }
    }

    @Test
    void moreThanAHundredChildrenKeepTheirKeys() {
        String children = IntStream.range(0, 103)
                .mapToObj(i ->
                        child("c", "one_to_many", "scalar", "", ", 'label': 'c%d', 'columns': ['id']".formatted(i)))
                .collect(Collectors.joining(", "));

        try (var tree =
                QueryFixture.of(TREE, "{'table': 'r', 'columns': ['id'], 'children': [%s]}".formatted(children))) {
            assertThat(tree.document("1").get("c102")).isEqualTo(json("[1,2,3,4]"));
            assertThat(tree.document("1").at("/_meta/c/id")).isEqualTo(json("[1,2,3,4]"));
        }
    }

    @Test
    void jsonOperatorsReachIntoColumns() {
        String columns = "'doc->a->b->1', 'doc->>t', 'doc#>{a,b}->0', 'doc#>>{a,b}', 'doc->none', 'raw->k'";

        try (var tree = QueryFixture.of(TREE, "{'table': 'r', 'columns': ['id', %s]}".formatted(columns))) {
            assertThat(tree.document("1")).isEqualTo(json("""
                    {'id':1,'doc_a_b_1':20,'doc_t':'x','doc_a,b_0':10,'doc_a,b':'[10, 20]','doc_none':null,'raw_k':2,
                     '_meta':{'r':{'id':['1']}}}"""));
            assertThat(tree.document("2").get("doc_t").isNull()).isTrue();
        }
    }

    @Test
    void jsonTextIsOneLineWithoutDuplicateKeys() {
        try (var tree = QueryFixture.of(TREE, "{'table': 'r'}")) {
            assertThat(tree.document("1").get("raw")).isEqualTo(json("{'k':2}"));
            assertThat(tree.document("2").get("doc").isNull()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tags", "raw"})
    void listsOfNestedValuesStayOnOneLine(String column) {
        String scalar = child("c", "one_to_many", "scalar", "", ", 'columns': ['%s']".formatted(column));

        try (var tree =
                QueryFixture.of(TREE, "{'table': 'r', 'columns': ['id'], 'children': [%s]}".formatted(scalar))) {
            assertThat(tree.document("1").get("c"))
                    .isEqualTo(json(column.equals("tags") ? "[['a','b'],null,['c'],[]]" : "[[1,2],null,null,null]"));
        }
    }

    @Test
    void conditionOrderAndLimitShapeAList() {
        String list = child(
                "c",
                "one_to_many",
                "scalar",
                "",
                ", 'columns': ['id'], 'where': 'kind = $$x$$', 'sort': [{'column': 'rank', 'order': 'desc'}], 'limit': 2");

        try (var tree = QueryFixture.of(TREE, "{'table': 'r', 'columns': ['id'], 'children': [%s]}".formatted(list))) {
            assertThat(tree.document("1").get("c")).isEqualTo(json("[1,4]"));
            // Only what is shown is listed.
            assertThat(tree.document("1").at("/_meta/c/id")).isEqualTo(json("[1,4]"));
        }
    }

    @Test
    void aRootThatDoesNotMatchItsConditionIsNoDocument() {
        try (var tree = QueryFixture.of(TREE, "{'table': 'r', 'where': 'doc IS NOT NULL'}")) {
            assertThat(tree.document("1").get("id").asInt()).isEqualTo(1);
            assertThat(tree.isGone("2")).isTrue();
        }
    }

    @Test
    void aColumnNamedLikeTheKeysGivesWay() {
        String ddl = "CREATE TABLE m (id int PRIMARY KEY, _meta text); INSERT INTO m VALUES (1, 'mine')";

        try (var tree = QueryFixture.of(ddl, "{'table': 'm'}")) {
            assertThat(tree.document("1")).isEqualTo(json("{'id':1,'_meta':{'m':{'id':['1']}}}"));
        }
    }
}
