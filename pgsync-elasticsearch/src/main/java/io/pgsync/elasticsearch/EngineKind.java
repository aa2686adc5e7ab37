package io.pgsync.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.failure.Finding;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The two kinds of engines, and all their differences that concern us: every other request is the same for both. */
public enum EngineKind {
    ELASTICSEARCH("Elasticsearch", "8.0") {
        @Override
        List<String> tried() {
            return List.of("8.19", "9.5");
        }

        @Override
        Rights rights() {
            return new ElasticsearchRights();
        }

        @Override
        boolean gave(Signature answer) {
            return answer.hasElasticMark() || answer.hasEngineError();
        }

        @Override
        public Request openPointInTime(String index, String keepAlive) {
            var request = new Request("POST", Paths.index(index) + "/_pit");
            request.addParameter("keep_alive", keepAlive);
            return request;
        }

        @Override
        public String pointInTimeField() {
            return "id";
        }

        @Override
        public Request closePointInTime(String id) {
            var request = new Request("DELETE", "/_pit");
            request.setJsonEntity(object().put("id", id).toString());
            return request;
        }

        @Override
        public boolean listsWhatItLeavesOut() {
            return true;
        }

        @Override
        public boolean fieldsMayRefuseWhatIndexesIgnore() {
            return true;
        }

        @Override
        Map<String, String> foreignTypes() {
            return Map.of("flat_object", "flattened", "knn_vector", "dense_vector");
        }
    },

    OPENSEARCH("OpenSearch", "2.4") {
        @Override
        List<String> tried() {
            return List.of("2.19", "3.3");
        }

        @Override
        Rights rights() {
            return new OpenSearchRights();
        }

        @Override
        boolean gave(Signature answer) {
            return answer.hasOpenSearchMark() || answer.hasEngineError() || answer.hasEngineJson();
        }

        @Override
        public Request openPointInTime(String index, String keepAlive) {
            var request = new Request("POST", Paths.index(index) + "/_search/point_in_time");
            request.addParameter("keep_alive", keepAlive);
            request.addParameter("allow_partial_pit_creation", "false");
            return request;
        }

        @Override
        public String pointInTimeField() {
            return "pit_id";
        }

        @Override
        public Request closePointInTime(String id) {
            var request = new Request("DELETE", "/_search/point_in_time");
            ObjectNode body = object();
            body.putArray("pit_id").add(id);
            request.setJsonEntity(body.toString());
            return request;
        }

        /** It leaves out texts longer than {@code ignore_above} without a note. */
        @Override
        public boolean listsWhatItLeavesOut() {
            return false;
        }

        @Override
        public boolean fieldsMayRefuseWhatIndexesIgnore() {
            return false;
        }

        @Override
        Map<String, String> foreignTypes() {
            return Map.of(
                    "flattened", "flat_object",
                    "dense_vector", "knn_vector",
                    "semantic_text", "text");
        }
    };

    private final String label;
    private final String oldest;

    EngineKind(String label, String oldest) {
        this.label = label;
        this.oldest = oldest;
    }

    /** The name for people. */
    public String label() {
        return label;
    }

    /** Whether the signs of an answer show that the engine itself gave it. */
    abstract boolean gave(Signature answer);

    /**
     * Makes the engine keep the documents of an index as they are now, for searches; its answer has an id, see
     * {@link #pointInTimeField}.
     */
    public abstract Request openPointInTime(String index, String keepAlive);

    /** The field with the id, in the answer to {@link #openPointInTime}. */
    public abstract String pointInTimeField();

    /** Frees what {@link #openPointInTime} made the engine keep. */
    public abstract Request closePointInTime(String id);

    /** Whether a search for {@code _ignored} finds every document with a value that was left out of the index. */
    public abstract boolean listsWhatItLeavesOut();

    /**
     * Whether a field with {@code ignore_malformed} false refuses malformed values in an index whose setting ignores
     * them, in every version that we take: OpenSearch 2.19.3 does not, 3.6.0 does.
     */
    public abstract boolean fieldsMayRefuseWhatIndexesIgnore();

    /** The types of fields that only the other kind has, each with the closest type of this one. */
    abstract Map<String, String> foreignTypes();

    /** The closest type to one that this engine does not have; empty if it may have the type. */
    public Optional<String> replacementOf(String type) {
        return Optional.ofNullable(foreignTypes().get(type));
    }

    /** Asks for our rights on the indexes. */
    public Request askForRights(Collection<String> indexes) {
        return rights().question(indexes);
    }

    /** The finding from the answer to {@link #askForRights}; empty if the engine did not answer that question. */
    public Optional<Finding> rights(Answer answer) {
        return rights().finding(answer);
    }

    /** A sentence with the rights that a user needs. */
    String rightsAdvice() {
        return rights().advice();
    }

    /** The first release of each series that was tried. */
    abstract List<String> tried();

    /** The rights of this kind of engine. */
    abstract Rights rights();

    /** The first release with everything that we need. */
    String oldest() {
        return oldest;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
