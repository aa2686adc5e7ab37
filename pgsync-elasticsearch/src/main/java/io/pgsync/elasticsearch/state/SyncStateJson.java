package io.pgsync.elasticsearch.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The JSON form of a state; positions have PostgreSQL's form, for people who look at it. */
final class SyncStateJson {
    /** Fields that a person may want to search; the others are only stored. */
    static ObjectNode mapping() {
        ObjectNode mapping = JsonNodeFactory.instance.objectNode().put("dynamic", false);
        ObjectNode fields = mapping.putObject("properties");
        fields.putObject("index").put("type", "keyword");
        fields.putObject("generation").put("type", "long");
        fields.putObject("stored").put("type", "keyword");
        return mapping;
    }

    /** The kind of a gap in the states of older versions. */
    private static final String LOST = "LOST";

    private static final String PARTS = "refused_parts";
    private static final String IDS = "ids";
    private static final String LOADED = "loaded_with";

    private SyncStateJson() {}

    /** A state with all its refused ids in it. */
    static ObjectNode write(SyncState state) {
        return write(state, List.of());
    }

    /** {@code parts}: names of the documents that hold the other refused ids. */
    static ObjectNode write(SyncState state, Collection<String> parts) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("index", state.index());
        json.put("index_uuid", state.indexUuid());
        json.set("source", write(state.source()));
        json.put("generation", state.generation());
        json.put("schema_fingerprint", state.schemaFingerprint());
        json.set("backfill", write(state.backfill()));
        json.put("stored", state.stored().toString());
        json.set("refused", array(RefusedParts.inState(state.refused())));
        if (!parts.isEmpty()) {
            json.set(PARTS, array(parts));
        }
        state.storedAt().ifPresent(time -> json.put("stored_at", time.toString()));
        state.diverged().ifPresent(found -> json.set("gap", write(found)));
        if (!state.histories().isEmpty()) {
            ObjectNode histories = json.putObject("histories");
            state.histories().forEach(histories::put);
        }
        state.definitions().ifPresent(then -> json.set("definitions", DefinitionsJson.write(then)));
        state.loaded().ifPresent(then -> json.set(LOADED, LoadedDefinitionJson.write(then)));
        return json;
    }

    private static ObjectNode write(Diverged found) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("from", found.from().toString())
                .put("to", found.to().toString())
                .put("reason", found.reason())
                .put("kind", found.kind().name());
    }

    private static ObjectNode write(SourceIdentity source) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("system_identifier", source.systemIdentifier())
                .put("timeline", source.timeline())
                .put("database", source.database())
                .put("slot", source.slot());
    }

    private static ObjectNode write(BackfillProgress backfill) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("phase", PartitionLoadJson.phase(backfill))
                .put("documents", backfill.documents())
                .put("removes_orphans", backfill.removesOrphans());
        if (backfill.refusedDocuments() > 0) {
            json.put("refused_documents", backfill.refusedDocuments());
        }
        if (backfill.perSecond() > 0) {
            json.put("per_second", backfill.perSecond());
        }
        backfill.lastKey().ifPresent(key -> json.set("last_key", array(key)));
        backfill.where().ifPresent(condition -> json.put("where", condition));
        backfill.refusal().ifPresent(reason -> json.put("refusal", reason));
        if (!backfill.ids().isEmpty()) {
            json.set(IDS, array(backfill.ids()));
        }
        PartitionLoadJson.write(backfill, json);
        return json;
    }

    static ObjectNode writePart(List<String> ids) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set(IDS, array(ids));
        return json;
    }

    static List<String> readPart(JsonNode json) {
        return texts(json.required(IDS));
    }

    /** Names of the documents that hold the other refused ids. */
    static List<String> parts(JsonNode json) {
        return texts(json.path(PARTS));
    }

    private static ArrayNode array(Collection<String> texts) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(texts.size());
        texts.forEach(array::add);
        return array;
    }

    static SyncState read(JsonNode json) {
        return read(json, RefusedParts.NONE);
    }

    /** {@code parts}: the contents of the documents that {@link #parts} names. */
    static SyncState read(JsonNode json, RefusedParts parts) {
        return new SyncState(
                json.required("index").asText(),
                json.required("index_uuid").asText(),
                source(json),
                json.required("generation").asLong(),
                json.required("schema_fingerprint").asText(),
                readBackfill(json.required("backfill")),
                Lsn.parse(json.required("stored").asText()),
                parts.with(texts(json.required("refused"))),
                Optional.ofNullable(json.get("stored_at")).map(time -> Instant.parse(time.asText())),
                Optional.ofNullable(json.get("gap")).map(SyncStateJson::diverged),
                DefinitionsJson.read(json.path("definitions")),
                json.path("histories")
                        .propertyStream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, shard -> shard.getValue().asText())),
                LoadedDefinitionJson.read(json.path(LOADED)));
    }

    /** The source from which an index was loaded, from its state or a part of it. */
    static SourceIdentity source(JsonNode json) {
        JsonNode source = json.required("source");
        return new SourceIdentity(
                source.required("system_identifier").asText(),
                source.required("timeline").asInt(),
                source.required("database").asText(),
                source.required("slot").asText());
    }

    private static Diverged diverged(JsonNode json) {
        return new Diverged(
                kind(json.path("kind").asText(LOST)),
                Lsn.parse(json.required("from").asText()),
                Lsn.parse(json.required("to").asText()),
                json.required("reason").asText());
    }

    /** A kind that only a later release knows needs a load, as a gap does. */
    private static Kind kind(String name) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElse(Kind.GAP);
    }

    private static BackfillProgress readBackfill(JsonNode json) {
        return new BackfillProgress(
                PartitionLoadJson.readPhase(json),
                Optional.ofNullable(json.get("last_key")).map(SyncStateJson::texts),
                json.required("documents").asLong(),
                json.path("refused_documents").asLong(),
                json.required("removes_orphans").asBoolean(),
                Optional.ofNullable(json.get("where")).map(JsonNode::asText),
                Optional.ofNullable(json.get("refusal")).map(JsonNode::asText),
                texts(json.path(IDS)),
                json.path("per_second").asLong(),
                PartitionLoadJson.read(json));
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
