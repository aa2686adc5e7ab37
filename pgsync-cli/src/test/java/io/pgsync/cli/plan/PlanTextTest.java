package io.pgsync.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.runtime.report.DocumentPlan;
import io.pgsync.runtime.report.DocumentPlan.Basis;
import io.pgsync.runtime.report.DocumentPlan.Load;
import io.pgsync.runtime.report.DocumentPlan.Size;
import io.pgsync.runtime.report.Plan;
import io.pgsync.runtime.report.PlannedChange;
import io.pgsync.runtime.report.PlannedChange.Measure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanTextTest {
    private static final PlannedChange NEW_COLUMN = new PlannedChange(
            "/0/nodes/children/0/columns", Measure.LOAD, "shows \"city\"", "the values are in the documents");
    private static final PlannedChange MAPPED =
            new PlannedChange("/0/mapping/city", Measure.IN_PLACE, "field \"city\" is mapped as text", "new");
    private static final PlannedChange BY_HAND =
            new PlannedChange("/0", Measure.NOTHING, "field \"mine\" is in the index alone", "it\nstays", true);

    @Test
    void everyDifferenceIsALineAndCommandsComeLast() {
        var load =
                new Load(1_200, 5_000, Optional.of("EXISTS (SELECT\n1)"), 5_000, Optional.of(Duration.ofSeconds(90)));

        List<String> lines = PlanText.of(new Plan(
                List.of(document(List.of(NEW_COLUMN, MAPPED, BY_HAND), Optional.of(load))),
                List.of("pgsync bootstrap -c schema.json", "pgsync -c schema.json")));

        assertThat(lines)
                .containsExactly(
                        "Index books: load (5,000 documents, 2.0 MB)",
                        "  /0/nodes/children/0/columns  load           shows \"city\" (the values are in the documents)",
                        "  /0/mapping/city              in place       field \"city\" is mapped as text (new)",
                        "  /0                           nothing to do  by hand: field \"mine\" is in the index alone (it stays)",
                        "  To be written: 1,200 of 5,000 documents, where EXISTS (SELECT 1); the command below loads all,"
                                + " about 1 min 30 s at the rate of the last load",
                        "In all: 1 nothing to do, 1 in place, 1 load",
                        "Commands:",
                        "  pgsync bootstrap -c schema.json",
                        "  pgsync -c schema.json");
    }

    @Test
    void saysThatNothingHasToBeDone() {
        assertThat(PlanText.of(new Plan(List.of(document(List.of(BY_HAND), Optional.empty())), List.of())))
                .hasSize(3)
                .last()
                .isEqualTo("Nothing to do.");
    }

    @Test
    void programsGetTheSame() {
        var load = new Load(1_200, 5_000, Optional.of("a > 1"), 5_000, Optional.of(Duration.ofSeconds(90)));
        var plan = new Plan(List.of(document(List.of(MAPPED, BY_HAND), Optional.of(load))), List.of("pgsync"));

        assertThat(PlanJson.of(plan).toString().replace('"', '\''))
                .isEqualTo("{'measure':'in_place','documents':[{'index':'books','measure':'in_place',"
                        + "'compared_with':'definition','documents':5000,'bytes':2097152,'changes':["
                        + "{'pointer':'/0/mapping/city','measure':'in_place','what':'field \\'city\\' is mapped as text',"
                        + "'reason':'new','by_hand':false},"
                        + "{'pointer':'/0','measure':'nothing','what':'field \\'mine\\' is in the index alone',"
                        + "'reason':'it\\nstays','by_hand':true}],"
                        + "'load':{'roots':1200,'total':5000,'by_command':5000,'where':'a > 1','seconds':90.0},'notes':[]}],"
                        + "'commands':['pgsync']}");
    }

    private static DocumentPlan document(List<PlannedChange> changes, Optional<Load> load) {
        return new DocumentPlan(
                "books", Basis.DEFINITION, Optional.of(new Size(5_000, 2 << 20)), changes, load, List.of());
    }
}
