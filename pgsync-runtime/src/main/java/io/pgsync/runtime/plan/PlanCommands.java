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
        boolean bootstraps = drafts.stream().anyMatch(draft -> draft.needsBootstrap() || isMadeAnew(draft));
        if (bootstraps) {
            commands.add("# Stop the daemon, if one runs; start it again at the end");
        }
        drafts.stream().filter(draft -> !isMadeAnew(draft)).forEach(this::alter);
        drafts.stream().filter(PlanCommands::isMadeAnew).forEach(this::delete);
        if (bootstraps) {
            commands.add(repair.named("bootstrap "));
            commands.add(repair.named(""));
        }
        drafts.stream()
                .filter(draft -> !draft.needsBootstrap() && !isMadeAnew(draft))
                .forEach(this::load);
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

    private void delete(Draft draft) {
        draft.index().ifPresent(index -> commands.add("curl -X DELETE " + address() + "/" + index));
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
