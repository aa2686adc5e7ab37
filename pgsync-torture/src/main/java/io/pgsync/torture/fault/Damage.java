package io.pgsync.torture.fault;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.torture.client.Session;
import io.pgsync.torture.report.StepLog;
import io.pgsync.torture.server.Handwork;
import io.pgsync.torture.server.TreeServers;
import io.pgsync.torture.tree.Node;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What somebody did by hand to stored documents of the tree since the last quiet point, and to which of them. */
final class Damage {
    private static final int DOCUMENTS = 4;
    /** A key that no client makes. */
    private static final int NO_ROOT = 900;

    private static final int MOST_ROOTLESS = 99;

    private final String name;
    private final Node root;
    private final TreeServers servers;
    private final Handwork hand;
    private final Session control;
    private final StepLog log;
    /** The version that the hand left; empty for a document that it removed. */
    private final Map<Place, Optional<Long>> damaged = new HashMap<>();

    private int number;

    /** A stored document. */
    record Place(String index, String id) {}

    /** {@code name}: that of the index in the schema file. */
    Damage(String name, Node root, TreeServers servers, Handwork hand, Session control, StepLog log) {
        this.name = name;
        this.root = root;
        this.servers = servers;
        this.hand = hand;
        this.control = control;
        this.log = log;
    }

    /** False where there is no document. */
    boolean add() throws IOException, SQLException {
        var index = hand.indexBehind(name);
        var hits = new ArrayList<JsonNode>();
        if (index.isPresent()) {
            Node.JSON
                    .readTree(servers.servers().search(index.get()))
                    .path("hits")
                    .path("hits")
                    .forEach(hits::add);
        }
        hits.removeIf(hit -> !hit.path("_index").asText().equals(index.get()));
        for (int i = 0; i < Math.min(DOCUMENTS, hits.size()); i++) {
            strike(index.get(), hits.get(Math.floorMod(7 * ++number, hits.size())));
        }
        return !hits.isEmpty();
    }

    private void strike(String index, JsonNode hit) throws IOException, SQLException {
        var id = hit.path("_id").asText();
        switch (number % 5) {
            case 0 -> change(index, id, Node.JSON.createObjectNode().putNull("_meta"));
            case 1 -> change(index, id, Node.JSON.createObjectNode().put("name", "damaged " + number));
            case 2 -> remove(index, id);
            case 3 -> add(index, idWithoutRoot(), hit.path("_source"));
            default -> add(index, id + number, hit.path("_source"));
        }
    }

    private void change(String index, String id, JsonNode fields) throws IOException {
        note(new Place(index, id), "gets " + fields, hand.change(index, id, fields));
    }

    private void add(String index, String id, JsonNode source) throws IOException {
        note(new Place(index, id), "is added", hand.put(index, id, source));
    }

    private void note(Place place, String what, Optional<Long> version) {
        log.step("hand", "%s: %s, version %s".formatted(place, what, version));
        version.ifPresent(left -> damaged.put(place, version));
    }

    private void remove(String index, String id) throws IOException {
        var removed = hand.delete(index, id);
        log.step("hand", "%s/%s is removed: %s".formatted(index, id, removed));
        if (removed) {
            damaged.put(new Place(index, id), Optional.empty());
        }
    }

    private String idWithoutRoot() throws SQLException {
        var address = root.table().address();
        var key = address.type().of(Integer.toString(NO_ROOT + number % MOST_ROOTLESS));
        try (var statement = control.connection().createStatement();
                var rows = statement.executeQuery("SELECT (%s)::text".formatted(key))) {
            rows.next();
            return (root.table().hasTenant() ? "1|" : "") + rows.getString(1);
        }
    }

    boolean isNone() {
        return damaged.isEmpty();
    }

    boolean has(Place place) {
        return damaged.containsKey(place);
    }

    /** Those that nobody has written since; what is removed says nothing of that. */
    List<Place> untouched() throws IOException {
        var untouched = new ArrayList<Place>();
        for (var each : damaged.entrySet()) {
            var place = each.getKey();
            if (each.getValue().isPresent() && each.getValue().equals(hand.version(place.index(), place.id()))) {
                untouched.add(place);
            }
        }
        return untouched;
    }

    /** All of it is mended. */
    void clear() {
        damaged.clear();
    }
}
