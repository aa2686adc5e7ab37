package io.pgsync.runtime.backfill;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.LoadedDefinition;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.runtime.report.RunListener;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** A database with a slot; it tells what is done to it. */
final class LoadedInMemory implements LoadedDatabase, LoadedDatabase.Follower {
    static final LoadedDefinition NOW =
            new LoadedDefinition(JsonNodeFactory.instance.objectNode().put("pipeline", "clean"), "types", Map.of());

    String fingerprint = "f";

    /** What the server says of any condition. */
    Mono<Void> condition = Mono.empty();

    Mono<SlotStatus> slot = Mono.just(slot(0));

    private final List<String> events;

    LoadedInMemory(List<String> events) {
        this.events = events;
    }

    /** {@code pid}: of the process that reads it; 0 for none. */
    static SlotStatus slot(int pid) {
        return new SlotStatus(
                "pgsync",
                "pgoutput",
                "shop",
                Optional.of(pid).filter(found -> found > 0),
                Optional.of(new Lsn(5)),
                Optional.of(new Lsn(10)),
                "reserved",
                Optional.empty(),
                false);
    }

    @Override
    public Mono<Void> checkCondition(DocumentTree tree, String sql) {
        return condition;
    }

    @Override
    public Mono<SlotStatus> slot() {
        return slot;
    }

    @Override
    public Mono<Void> makeSound() {
        return does("made sound");
    }

    @Override
    public Mono<Void> beat() {
        return does("beat");
    }

    @Override
    public Mono<Follower> prepare() {
        return Mono.just(this);
    }

    @Override
    public String fingerprint(DocumentTree tree) {
        return fingerprint;
    }

    @Override
    public LoadedDefinition definition(DocumentTree tree) {
        return NOW;
    }

    @Override
    public void resumes(String index, BackfillProgress now) {
        events.add("resumes " + index);
    }

    @Override
    public void loaded(String index, BackfillProgress now) {
        if (now.isDone()) {
            events.add("loaded " + index + " " + now.documents());
        }
    }

    @Override
    public Mono<Void> until(Mono<Void> end) {
        return does("followed").then(end).then(does("let go"));
    }

    @Override
    public Mono<Void> told(RunListener listener, Mono<Void> work) {
        return work;
    }

    private Mono<Void> does(String what) {
        return Mono.fromRunnable(() -> events.add(what));
    }
}
