package io.pgsync.cli.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.runtime.report.FollowedDatabase;
import io.pgsync.runtime.report.RunFigures;
import java.util.Collection;

/**
 * Alive: the process answers. Ready: its streams are open, and all its indexes are loaded, followed and without
 * divergence.
 */
final class Health {
    private final Collection<FollowedDatabase> databases;

    Health(Collection<FollowedDatabase> databases) {
        this.databases = databases;
    }

    Answer live() {
        return Answer.json(Answer.OK, JsonNodeFactory.instance.objectNode().put("status", "live"));
    }

    Answer ready() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        boolean ready = true;
        for (FollowedDatabase database : databases) {
            RunFigures figures = database.figures();
            String state = state(figures);
            ready &= state.equals("following");
            json.put(figures.database(), state);
        }
        return Answer.json(ready ? Answer.OK : Answer.UNAVAILABLE, json);
    }

    private static String state(RunFigures figures) {
        if (!figures.following()) {
            return "starting";
        }
        return figures.divergence().map(Kind::word).orElse(figures.isLoaded() ? "following" : "loading");
    }
}
