package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.cli.plan.PlanText;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.config.BackfillOrder;
import io.pgsync.runtime.config.ReindexOrder;
import io.pgsync.runtime.report.DocumentPlan;
import io.pgsync.runtime.report.DocumentPlan.Load;
import io.pgsync.runtime.report.Plan;
import io.pgsync.runtime.report.PlannedChange;
import io.pgsync.runtime.report.PlannedChange.Measure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** What a plan says is so: whoever runs its commands has the index that a new one would be. */
class PlanIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Pattern REQUEST =
            Pattern.compile("curl -X (\\w+) http://[^/ ]+(\\S+)(?: -H 'Content-Type: application/json' -d (.*))?");
    private static final Pattern WORD = Pattern.compile("((?:'[^']*'|\\\\.|[^\\s'\\\\])+)");

    @TempDir
    private Path directory;

    private Shop shop;

    @BeforeEach
    void load() throws Exception {
        shop = Shop.open(directory);
        shop.sync(Map.of()).bootstrap();
        shop.sync(Map.of()).catchUp(Mono.never());
    }

    @AfterEach
    void close() throws Exception {
        shop.close();
    }

    @ParameterizedTest
    @EnumSource
    void whoeverDoesWhatItSaysHasWhatANewIndexWouldBe(PlanEdit edit) throws Exception {
        edit.make(shop.schema());

        Plan plan = plan();

        assertThat(plan.measure()).as(String.join("\n", PlanText.of(plan))).isEqualTo(edit.measure());
        assertThat(plan.documents().get(0).changes()).noneMatch(PlannedChange::byHand);
        assertThat(plan.commands().isEmpty()).isEqualTo(edit.measure() == Measure.NOTHING);
        for (String command : plan.commands()) {
            run(command);
        }
        assertThat(shop.sync(Map.of()).catchUp(Mono.never())).isEqualTo(ExitCode.OK);
        assertThat(shop.differences()).isEmpty();
        Plan after = plan();
        assertThat(after.measure()).as(String.join("\n", PlanText.of(after))).isEqualTo(Measure.NOTHING);
        assertLikeANewOne();
    }

    /** The same file into another index: it must be mapped alike, and be found by the same searches. */
    private void assertLikeANewOne() throws Exception {
        String rebuilt = shop.index() + "_rebuilt";
        String name = shop.index();
        ObjectNode entry = (ObjectNode) shop.schema().get(0);
        entry.put("index", rebuilt);
        shop.sync(Map.of()).bootstrap();
        shop.sync(Map.of()).catchUp(Mono.never());
        shop.get("/" + name + "," + rebuilt + "/_refresh");

        assertContains(mapping(name), mapping(rebuilt));
        for (String field : List.of("title", "title.keyword", "title.brief", "publisher", "publisher.name", "id")) {
            String query = "/_count?q=_exists_:" + field;
            assertThat(count(name + query)).as(field).isEqualTo(count(rebuilt + query));
        }
        String search = "/_count?q=title:the";
        assertThat(count(name + search)).isEqualTo(count(rebuilt + search));
        shop.sync(Map.of()).tearDown();
        shop.request("DELETE", "/" + rebuilt, "");
        entry.put("index", name);
    }

    private long count(String path) throws Exception {
        JsonNode answer = JSON.readTree(shop.get("/" + path));
        assertThat(answer.has("count")).as(answer.toString()).isTrue();
        return answer.path("count").asLong();
    }

    private JsonNode mapping(String index) throws Exception {
        return JSON.readTree(shop.get("/" + index + "/_mapping"))
                .elements()
                .next()
                .path("mappings");
    }

    /** Fields that only the old index has stay. */
    private static void assertContains(JsonNode whole, JsonNode part) {
        part.properties().forEach(member -> {
            JsonNode found = whole.path(member.getKey());
            if (member.getValue().isObject()) {
                assertContains(found, member.getValue());
            } else {
                assertThat(found).as(member.getKey()).isEqualTo(member.getValue());
            }
        });
    }

    @Test
    void changesNothing() throws Exception {
        PlanEdit.ANALYZER.make(shop.schema());
        PlanEdit.NEW_CHILD.make(shop.schema());
        plan();
        int quiet = 0;
        for (int look = 0; look < 3; look++) {
            String before = everything();
            String written = written();

            plan();

            assertThat(everything()).isEqualTo(before);
            quiet += written().equals(written) ? 1 : 0;
        }
        // The server writes something of its own now and then, in transactions of its own when it analyzes tables.
        assertThat(quiet).isPositive();
    }

    private String written() throws Exception {
        return shop.ask("SELECT pg_current_wal_insert_lsn() || ' ' || pg_current_snapshot()");
    }

    private String everything() throws Exception {
        return String.join(
                "\n",
                shop.ask("SELECT string_agg(s::text, ' ') FROM pg_replication_slots s"),
                shop.ask("SELECT string_agg(p::text, ' ') FROM pg_publication p"),
                shop.get("/_cat/indices?expand_wildcards=all&h=index,uuid&s=index"),
                shop.get("/_cat/aliases?expand_wildcards=all&s=alias,index"),
                shop.get("/" + shop.index()),
                shop.get("/pgsync_state/_doc/" + shop.index()));
    }

    @Test
    void countsTheDocumentsThatAreConcerned() throws Exception {
        shop.execute("INSERT INTO book (id, title, price) VALUES (500, 'Without anything', 1)");
        var children = (ArrayNode) shop.schema().at("/0/nodes/children");

        ((ArrayNode) children.get(2).at("/children/0/columns")).add("id");
        assertCounted("SELECT count(DISTINCT book_id) FROM review WHERE reader_id IS NOT NULL");

        ((ArrayNode) children.get(2).at("/children/0/columns")).remove(1);
        ((ArrayNode) children.get(1).path("columns")).add("id");
        assertCounted("SELECT count(DISTINCT book_id) FROM book_author");

        ((ArrayNode) children.get(1).path("columns")).remove(2);
        ((ObjectNode) children.get(2)).put("where", "stars > 4");
        assertCounted("SELECT count(DISTINCT book_id) FROM review WHERE stars <= 4");

        ((ObjectNode) children.get(2)).remove("where");
        ((ObjectNode) shop.schema().at("/0/nodes")).put("where", "price < 15");
        assertCounted("SELECT count(*) FROM book WHERE price >= 15");
    }

    private void assertCounted(String sql) throws Exception {
        Load load = plan().documents().get(0).load().orElseThrow();

        assertThat(load.roots()).isEqualTo(Long.parseLong(shop.ask(sql)));
        assertThat(load.where()).isPresent();
        assertThat(load.roots()).isPositive().isLessThan(Long.parseLong(shop.ask("SELECT count(*) FROM book")));
    }

    @Test
    void namesWhatSomebodyChangedByHand() throws Exception {
        shop.request("PUT", "/" + shop.index() + "/_settings", "{\"index.refresh_interval\": \"9s\"}");
        shop.request(
                "PUT",
                "/" + shop.index() + "/_mapping",
                "{\"properties\": {\"mine\": {\"type\": \"keyword\"}, \"title\": {\"type\": \"text\", \"fields\":"
                        + " {\"keyword\": {\"type\": \"keyword\", \"ignore_above\": 99}}}}}");

        DocumentPlan plan = plan().documents().get(0);

        assertThat(plan.changes())
                .allMatch(PlannedChange::byHand)
                .extracting(PlannedChange::what)
                .containsExactlyInAnyOrder(
                        "field \"mine\" is in the index alone",
                        "field \"title.keyword\": ignore_above 99 -> 256",
                        "index.refresh_interval: 9s in the index alone");
    }

    @Test
    void aFileThatTheEngineRefusesIsWrong() {
        ((ObjectNode) shop.schema().get(0))
                .withObject("/mapping/title")
                .put("type", "text")
                .put("analyzer", "nobody");

        assertThatThrownBy(this::plan)
                .isInstanceOfSatisfying(
                        SyncException.class,
                        failure -> assertThat(failure.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining("nobody");
    }

    private Plan plan() throws Exception {
        return new PlanRun(shop.settings(Map.of())).plan();
    }

    private void run(String command) throws Exception {
        var request = REQUEST.matcher(command);
        if (request.matches()) {
            String body = Optional.ofNullable(request.group(3))
                    .map(text -> words(text).get(0))
                    .orElse("");
            assertThat(shop.request(request.group(1), request.group(2), body)).contains("\"acknowledged\":true");
        } else if (!command.startsWith("#")) {
            List<String> words = words(command);
            assertThat(words).contains("pgsync", "-c", shop.schemaFile().toString());
            switch (words.get(1)) {
                case "bootstrap" -> shop.sync(Map.of()).bootstrap();
                case "backfill" -> backfill(words);
                case "reindex" ->
                    assertThat(shop.sync(Map.of())
                                    .reindex(ReindexOrder.of(words.get(words.indexOf("--document") + 1)), Mono.never()))
                            .isEqualTo(ExitCode.OK);
                default -> assertThat(shop.sync(Map.of()).catchUp(Mono.never())).isEqualTo(ExitCode.OK);
            }
        }
    }

    private void backfill(List<String> words) throws Exception {
        Optional<String> where =
                words.contains("--where") ? Optional.of(words.get(words.indexOf("--where") + 1)) : Optional.empty();
        List<String> indexes = List.of(words.get(words.indexOf("--document") + 1));
        assertThat(shop.sync(Map.of()).backfill(new BackfillOrder(indexes, where), Mono.never()))
                .isEqualTo(ExitCode.OK);
    }

    /** As a shell would part them. */
    private static List<String> words(String command) {
        var words = new ArrayList<String>();
        var found = WORD.matcher(command);
        while (found.find()) {
            words.add(found.group().replaceAll("'([^']*)'", "$1").replace("\\'", "'"));
        }
        return words;
    }
}
