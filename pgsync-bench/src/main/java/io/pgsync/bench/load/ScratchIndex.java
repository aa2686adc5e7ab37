package io.pgsync.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** An index for one measurement, which removes it. */
record ScratchIndex(Engine engine, String name) implements AutoCloseable {
    private static final List<String> ONLY_ITS_OWN = List.of("uuid", "creation_date", "provided_name", "version");

    /** An empty index with the mappings and settings of another. */
    static ScratchIndex like(Engine engine, String original, String name) throws IOException {
        JsonNode found = engine.get("/" + original).elements().next();
        ObjectNode settings = (ObjectNode) found.path("settings").path("index");
        settings.remove(ONLY_ITS_OWN);
        ObjectNode body = Engine.JSON.createObjectNode();
        body.putObject("settings").set("index", settings);
        body.set("mappings", found.path("mappings"));
        return of(engine, name, body.toString());
    }

    /** An empty index of this definition. */
    static ScratchIndex of(Engine engine, String name, String body) throws IOException {
        engine.call("PUT", "/" + name, body);
        return new ScratchIndex(engine, name);
    }

    long count() throws IOException {
        engine.call("POST", "/" + name + "/_refresh", "");
        return engine.get("/" + name + "/_count").path("count").asLong();
    }

    @Override
    public void close() throws IOException {
        engine.call("DELETE", "/" + name, "");
    }
}
