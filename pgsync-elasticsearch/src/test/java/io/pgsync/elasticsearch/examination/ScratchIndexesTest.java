package io.pgsync.elasticsearch.examination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.StubEngine;
import io.pgsync.elasticsearch.StubbedConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScratchIndexesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant NOW = Instant.ofEpochMilli(1_000_000_000);
    private static final String DONE = "{\"acknowledged\":true}";
    private static final String ALIKE = "/pgsync_plan_*,books_pgsync_plan_*/_settings/index.creation_date";

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    private final StubEngine engine = stubbed.engine();
    private final ScratchIndexes indexes = new ScratchIndexes(stubbed.connection(), Clock.fixed(NOW, ZoneOffset.UTC));

    @BeforeEach
    void script() {
        engine.scriptEverything();
    }

    @Test
    void whatTheEngineRefusesItSaysAndTheIndexIsGone() {
        engine.then(200, "{}")
                .then(200, DONE)
                .then(400, error("illegal_argument_exception", "cannot be changed"))
                .then(200, DONE)
                .then(200, DONE);

        assertThat(refusals(2)).containsExactly(Optional.of("cannot be changed"), Optional.empty());

        String scratch = engine.paths().get(1);
        assertThat(scratch).matches("/pgsync_plan_[0-9a-f]{32}");
        assertThat(engine.paths())
                .containsExactly(ALIKE, scratch, scratch + "/_mapping", scratch + "/_mapping", scratch);
    }

    @Test
    void itIsGoneAfterAFailureToo() {
        engine.then(200, "{}")
                .then(200, DONE)
                .then(500, error("illegal_state_exception", "broken"))
                .then(200, DONE);

        assertThatThrownBy(() -> refusals(1)).isInstanceOf(SyncException.class);

        assertThat(engine.paths()).last().isEqualTo(engine.paths().get(1));
        assertThat(engine.paths()).hasSize(4);
    }

    @Test
    void whereTheUserHasNoRightToTheNameItBeginsWithThatOfTheIndex() {
        engine.then(200, "{}")
                .then(403, error("security_exception", "not allowed"))
                .then(200, DONE)
                .then(200, DONE)
                .then(200, DONE);

        assertThat(refusals(1)).containsExactly(Optional.empty());

        assertThat(engine.paths()).hasSize(5).last().asString().startsWith("/books_pgsync_plan_");
    }

    @Test
    void whatAKilledProcessLeftIsRemovedAndWhatAnotherUsesStays() {
        long minute = Duration.ofMinutes(1).toMillis();
        engine.then(
                        200,
                        "{" + made("pgsync_plan_left", NOW.toEpochMilli() - 11 * minute) + ","
                                + made("pgsync_plan_used", NOW.toEpochMilli() - minute) + "}")
                .then(200, DONE)
                .then(200, DONE)
                .then(200, DONE)
                .then(200, DONE);

        refusals(1);

        assertThat(engine.paths()).contains("/pgsync_plan_left").doesNotContain("/pgsync_plan_used");
    }

    private static String made(String index, long at) {
        return "\"%s\":{\"settings\":{\"index.creation_date\":\"%d\"}}".formatted(index, at);
    }

    @Test
    void aNewIndexThatIsRefusedIsAMistakeOfTheFile() {
        engine.then(200, "{}").then(400, error("mapper_parsing_exception", "no such analyzer"));
        var plan = new PlannedIndex("books", object(), object(), List.of(), List.of());

        assertThatThrownBy(() -> indexes.asCreated(plan).block(PATIENCE))
                .isInstanceOfSatisfying(
                        SyncException.class,
                        failure -> assertThat(failure.remedy()).isEqualTo(Remedy.STOP))
                .hasMessage("The engine refuses the index \"books\" as the schema file has it: no such analyzer");
    }

    @Test
    void itCostsTheClusterLittle() {
        ObjectNode settings = object().put("index.number_of_shards", "30")
                .put("index.number_of_replicas", "2")
                .put("index.routing.allocation.require.box", "hot")
                .put("index.blocks.write", "true")
                .put("index.uuid", "u")
                .put("index.mapping.total_fields.limit", "2000");
        settings.putObject("analysis").putObject("analyzer").putObject("plain").put("type", "simple");

        assertThat(ScratchSettings.of(settings))
                .isEqualTo(object().put("index.number_of_shards", 1)
                        .put("index.number_of_replicas", 0)
                        .put("index.hidden", true)
                        .put("index.mapping.total_fields.limit", "2000")
                        .put("index.analysis.analyzer.plain.type", "simple"));
    }

    @Test
    void duringALoadItsSettingsAreThoseOfBefore() {
        ObjectNode answer = object();
        ObjectNode index = answer.putObject("books-1");
        index.putObject("mappings")
                .putObject("_meta")
                .putObject("pgsync_before_load")
                .put("number_of_replicas", "1")
                .putNull("refresh_interval");
        index.putObject("settings").put("index.number_of_replicas", "0").put("index.refresh_interval", "-1");

        assertThat(IndexForm.of(answer))
                .isEqualTo(new IndexForm("books-1", object(), object().put("index.number_of_replicas", "1")));
    }

    private List<Optional<String>> refusals(int changes) {
        var form = new IndexForm("books", object(), object());
        return indexes.refusals(
                        "books",
                        form,
                        Collections.nCopies(changes, Alteration.ofMappings(object().put("dynamic", false))))
                .block(PATIENCE);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static String error(String type, String reason) {
        return "{\"error\":{\"type\":\"%s\",\"reason\":\"%s\"},\"status\":400}".formatted(type, reason);
    }
}
