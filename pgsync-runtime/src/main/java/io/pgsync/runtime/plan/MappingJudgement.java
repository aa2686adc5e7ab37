package io.pgsync.runtime.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.schema.Variant;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeNode;
import io.pgsync.replication.query.RootCondition;
import io.pgsync.runtime.plan.DocumentFields.Origin;
import io.pgsync.runtime.plan.MappingDifference.Kind;
import io.pgsync.runtime.report.PlannedChange;
import io.pgsync.runtime.report.PlannedChange.Measure;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says what differences of a mapping take, once the engine has said which changes it accepts. */
final class MappingJudgement {
    /** They decide about searches, not about what is indexed. */
    private static final Set<String> OF_SEARCHES = Set.of(
            "boost",
            "eager_global_ordinals",
            "fielddata",
            "fielddata_frequency_filter",
            "meta",
            "search_analyzer",
            "search_quote_analyzer",
            "split_queries_on_whitespace");

    private static final Set<String> OF_LATER_FIELDS =
            Set.of("date_detection", "dynamic", "dynamic_date_formats", "dynamic_templates", "numeric_detection");

    private static final String TYPE = "type";
    private static final String NULL_VALUE = "null_value";
    private static final String IGNORE_ABOVE = "ignore_above";

    private final DocumentFields fields;
    private final Reach reach;
    private final Earlier earlier;
    private final FilePointers pointers;
    private final JsonNode given;
    private final JsonNode before;
    private final boolean changesFields;
    private final boolean isLoadedAnyway;

    /**
     * {@code given}: the mappings of the file, as they would be sent; {@code isLoadedAnyway}: whether another
     * difference has every document written again.
     */
    MappingJudgement(
            DocumentTree tree,
            Reach reach,
            Earlier earlier,
            FilePointers pointers,
            JsonNode given,
            boolean isLoadedAnyway) {
        this.fields = DocumentFields.of(tree);
        this.reach = reach;
        this.earlier = earlier;
        this.pointers = pointers;
        this.given = given;
        this.before = earlier.mappings();
        this.changesFields = !tree.plugins().isEmpty()
                || tree.pipeline().isPresent()
                || SettingJudgement.hasPipeline(tree.indexDefinition().setting());
        this.isLoadedAnyway = isLoadedAnyway;
    }

    /** {@code refusal}: of the engine. Empty if the difference is none: values of documents bring fields too. */
    Optional<Difference> of(MappingDifference found, Optional<String> refusal) {
        if (found.kind() == Kind.EXTRA_FIELD || found.kind() == Kind.EXTRA_SUBFIELD) {
            return extra(found);
        }
        String what = text(found);
        Measure measure = refusal.isPresent() || found.body().isEmpty() ? Measure.REINDEX : measure(found);
        String reason = refusal.map("the engine refuses it on an index that is there: "::concat)
                .orElseGet(() -> reason(found, measure));
        var change = new PlannedChange(pointer(found), measure, what, reason, isByHand(found));
        return Optional.of(new Difference(change, affected(found, measure)));
    }

    private String pointer(MappingDifference found) {
        return found.kind() == Kind.WHOLE ? pointers.ofWhole(found.path()) : pointers.ofField(found.path());
    }

    /** The file wants what it wanted before, so it was not the file that changed. */
    private boolean isByHand(MappingDifference found) {
        if (before.isMissingNode()) {
            return false;
        }
        if (found.kind() == Kind.WHOLE) {
            return before.path(found.path()).equals(given.path(found.path()));
        }
        JsonNode then = MappingComparison.fieldOf(before, found.path());
        return !then.isMissingNode() && then.equals(MappingComparison.fieldOf(given, found.path()));
    }

    private Optional<Difference> extra(MappingDifference found) {
        if (found.kind() == Kind.EXTRA_SUBFIELD) {
            boolean ofTheFile = !MappingComparison.fieldOf(before, found.path()).isMissingNode();
            return Optional.of(alone(found, ofTheFile));
        }
        boolean wasMapped = MappingComparison.maps(before, found.path());
        if (!fields.mayHave(found.path()) && !changesFields) {
            return Optional.of(
                    alone(found, wasMapped || earlier.hadField(found.path()).orElse(false)));
        }
        return wasMapped
                ? Optional.of(Difference.nothing(
                        pointer(found),
                        "the mapping of field \"%s\" is in the index alone".formatted(found.path()),
                        "it stays; only a new index maps it by its values"))
                : Optional.empty();
    }

    /** {@code ofTheFile}: whether the file had it before. */
    private Difference alone(MappingDifference found, boolean ofTheFile) {
        String what = "field \"%s\" is in the index alone".formatted(found.path());
        String reason = ofTheFile
                ? "it stays, without values from now on; only a new index is without it"
                : "nothing in the file makes it; it stays";
        boolean byHand = !ofTheFile && earlier.tree().isPresent();
        return new Difference(new PlannedChange(pointer(found), Measure.NOTHING, what, reason, byHand), Affected.NONE);
    }

    private Measure measure(MappingDifference found) {
        return switch (found.kind()) {
            case NEW_FIELD -> comesWithALoad(found) ? Measure.IN_PLACE : Measure.LOAD;
            case WHOLE -> isOfLater(found) ? Measure.IN_PLACE : Measure.LOAD;
            case CHANGED -> OF_SEARCHES.containsAll(found.parameters()) ? Measure.IN_PLACE : Measure.LOAD;
            case NEW_SUBFIELD, EXTRA_FIELD, EXTRA_SUBFIELD -> Measure.LOAD;
        };
    }

    /** If no document has the field yet, whatever brings it also indexes it. */
    private boolean comesWithALoad(MappingDifference found) {
        return hadField(found).map(had -> !had).orElse(isLoadedAnyway);
    }

    /** Empty if it is not known: a plugin or a pipeline may write fields that no table has. */
    private Optional<Boolean> hadField(MappingDifference found) {
        return changesFields ? Optional.empty() : earlier.hadField(found.path());
    }

    private static boolean isOfLater(MappingDifference found) {
        return OF_LATER_FIELDS.contains(found.path()) || found.path().equals("runtime");
    }

    private String reason(MappingDifference found, Measure measure) {
        if (measure == Measure.REINDEX) {
            return "it cannot be taken from an index that is there";
        }
        if (measure == Measure.IN_PLACE) {
            return switch (found.kind()) {
                case NEW_FIELD ->
                    hadField(found).isPresent() ? "no document has the field yet" : "every document is written again";
                case WHOLE -> "it counts for fields that come later";
                default -> "it counts for searches, at once";
            };
        }
        return "what is stored was indexed without it";
    }

    private Affected affected(MappingDifference found, Measure measure) {
        if (measure == Measure.IN_PLACE) {
            return Affected.NONE;
        }
        Optional<Origin> origin =
                found.kind() == Kind.WHOLE || changesFields ? Optional.empty() : fields.around(found.path());
        return origin.map(known -> indexesNull(found)
                        ? withNull(known.node())
                        : reach.of(known.node(), known.column().map(column -> rows(column, found))))
                .orElse(Affected.ALL);
    }

    private static boolean indexesNull(MappingDifference found) {
        return Stream.of(found.live(), found.wanted()).anyMatch(field -> field.findValue(NULL_VALUE) != null);
    }

    /** A scalar is null also where it has no row. */
    private Affected withNull(TreeNode node) {
        return node.join().isPresent() && node.variant() == Variant.SCALAR ? reach.above(node) : reach.of(node);
    }

    private static String rows(String column, MappingDifference found) {
        return found.parameters().equals(Set.of(IGNORE_ABOVE))
                ? RootCondition.longer(column, Math.min(limit(found.live()), limit(found.wanted())))
                : RootCondition.given(column);
    }

    private static long limit(JsonNode field) {
        return field.path(IGNORE_ABOVE).asLong(Long.MAX_VALUE);
    }

    private static String text(MappingDifference found) {
        if (found.kind() == Kind.WHOLE) {
            return "%s: %s -> %s".formatted(found.path(), value(found.live()), value(found.wanted()));
        }
        String parameters = found.parameters().stream()
                .sorted()
                .map(name -> "%s %s -> %s".formatted(name, value(name, found.live()), value(name, found.wanted())))
                .collect(Collectors.joining(", "));
        return found.parameters().isEmpty()
                ? "field \"%s\" is mapped as %s".formatted(found.path(), value(TYPE, found.wanted()))
                : "field \"%s\": %s".formatted(found.path(), parameters);
    }

    /** The engine does not write the type of an object. */
    private static String value(String parameter, JsonNode field) {
        return parameter.equals(TYPE) ? field.path(TYPE).asText("object") : value(field.path(parameter));
    }

    private static String value(JsonNode value) {
        return value.isMissingNode() ? "none" : value.isTextual() ? value.asText() : value.toString();
    }
}
