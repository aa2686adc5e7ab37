package io.pgsync.runtime.plan;

import io.pgsync.elasticsearch.examination.Alteration;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.report.DocumentPlan.Load;
import io.pgsync.runtime.report.PlannedChange.Measure;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The commands that do what a plan says, in order. A line that begins with # is for the reader. */
final class PlanCommands {
    private final URI engine;
    private final RepairCommand repair;
    private final List<String> commands = new ArrayList<>();

    private PlanCommands(URI engine, RepairCommand repair) {
        this.engine = engine;
        this.repair = repair;
    }

    /** {@code engine}: its address, without a login. */
    static List<String> of(List<Draft> drafts, URI engine, RepairCommand repair) {
        var commands = new PlanCommands(engine, repair);
        commands.add(drafts);
        return List.copyOf(commands.commands);
    }

    private void add(List<Draft> drafts) {
        // First, because a bootstrap refuses a file with a document that needs another index.
        drafts.stream().filter(PlanCommands::isMadeAnew).forEach(this::replace);
        List<Draft> others = drafts.stream().filter(draft -> !isMadeAnew(draft)).toList();
        boolean bootstraps = others.stream().anyMatch(Draft::needsBootstrap);
        if (bootstraps) {
            commands.add("# Stop the daemon, if one runs; start it again at the end");
        }
        others.forEach(this::alter);
        if (bootstraps) {
            commands.add(repair.named("bootstrap "));
            commands.add(repair.named(""));
        }
        others.stream().filter(draft -> !draft.needsBootstrap()).forEach(this::load);
    }

    private void replace(Draft draft) {
        commands.add("# A daemon may run on as it is; start it with this file from then on");
        commands.add(repair.reindex(draft.plan().index()));
    }

    private static boolean isMadeAnew(Draft draft) {
        return draft.plan().measure() == Measure.REINDEX;
    }

    private void alter(Draft draft) {
        draft.index()
                .ifPresent(index ->
                        new TreeMap<>(draft.alterations()).values().forEach(alteration -> put(index, alteration)));
    }

    private void put(String index, Alteration alteration) {
        commands.add("curl -X PUT %s/%s/%s -H 'Content-Type: application/json' -d %s"
                .formatted(
                        address(),
                        index,
                        alteration.api(),
                        RepairCommand.quoted(alteration.body().toString())));
    }

    private String address() {
        return engine.toString().replaceFirst("/$", "");
    }

    /** A daemon that runs builds its documents by the file that it was started with. */
    private void load(Draft draft) {
        Optional<Load> load = draft.plan().load();
        if (load.isPresent()) {
            commands.add("# Start the daemon again first, if one runs");
            String index = draft.plan().index();
            commands.add(load.get()
                    .where()
                    .map(condition -> repair.of(index, condition))
                    .orElseGet(() -> repair.of(List.of(index))));
        }
    }
}
