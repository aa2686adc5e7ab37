package io.pgsync.runtime.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.examination.Alteration;
import io.pgsync.elasticsearch.examination.FlatSettings;
import io.pgsync.elasticsearch.examination.IndexForm;
import io.pgsync.elasticsearch.examination.PlannedIndex;
import io.pgsync.elasticsearch.index.CreationSettings;
import io.pgsync.runtime.report.DocumentPlan.Size;
import io.pgsync.runtime.setup.DocumentIndexes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** An engine that refuses other types, analyzers and routings of fields that are there, and settings that are fixed at creation. */
final class EngineInMemory implements PlanEngine {
    private static final List<String> FIXED = List.of("index.analysis.", "index.number_of_shards", "index.sort.");
    private static final Set<String> OF_CREATION = Set.of("type", "analyzer", "store", "doc_values", "index");

    final Map<String, IndexForm> indexes = new HashMap<>();

    /** How it writes mappings that it was given in other words. */
    Consumer<ObjectNode> ownWords = mappings -> {};

    /** An index as a bootstrap makes it. */
    void create(DocumentTree tree) {
        indexes.put(tree.index(), form(DocumentIndexes.plan(tree, MappingMode.TYPES)));
    }

    ObjectNode mappings(String index) {
        return indexes.get(index).mappings();
    }

    ObjectNode settings(String index) {
        return indexes.get(index).settings();
    }

    private static IndexForm form(PlannedIndex plan) {
        ObjectNode settings = JsonNodeFactory.instance
                .objectNode()
                .put("index.uuid", "uuid-" + plan.name())
                .put("index.version.created", "1");
        FlatSettings.of(CreationSettings.of(plan.settings(), plan.mappings()))
                .forEach((name, value) -> settings.put(name, value.asText()));
        return new IndexForm(plan.name(), plan.mappings().deepCopy(), settings);
    }

    @Override
    public Mono<IndexForm> live(String index) {
        return Mono.justOrEmpty(indexes.get(index));
    }

    @Override
    public Mono<Size> size(String index) {
        return Mono.just(new Size(100, 1 << 20));
    }

    @Override
    public Mono<IndexForm> asCreated(PlannedIndex plan) {
        IndexForm form = form(plan);
        ownWords.accept(form.mappings());
        return Mono.just(form);
    }

    @Override
    public Mono<List<Optional<String>>> refusals(String index, IndexForm form, List<Alteration> alterations) {
        return Mono.just(alterations.stream()
                .map(alteration -> alteration.api().equals("_settings")
                        ? refusalOfSettings(alteration.body())
                        : refusal(form.mappings(), alteration.body(), ""))
                .toList());
    }

    private static Optional<String> refusalOfSettings(ObjectNode settings) {
        return settings.propertyStream()
                .map(Map.Entry::getKey)
                .filter(name -> FIXED.stream().anyMatch(name::startsWith))
                .findFirst()
                .map("Can't update non dynamic settings "::concat);
    }

    private static Optional<String> refusal(JsonNode live, JsonNode body, String path) {
        for (var member : body.properties()) {
            JsonNode now = live.path(member.getKey());
            boolean isFixed =
                    OF_CREATION.contains(member.getKey()) || path.equals("_routing") || path.equals("_source");
            if (isFixed && member.getValue().isValueNode() && isThere(live, path) && !now.equals(member.getValue())) {
                return Optional.of("cannot change " + path + " " + member.getKey());
            }
            Optional<String> below = refusal(now, member.getValue(), member.getKey());
            if (below.isPresent()) {
                return below;
            }
        }
        return Optional.empty();
    }

    private static boolean isThere(JsonNode live, String path) {
        return !live.isMissingNode() || path.equals("_routing");
    }
}
