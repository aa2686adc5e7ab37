package io.pgsync.runtime.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.elasticsearch.examination.FlatSettings;
import io.pgsync.runtime.report.PlannedChange;
import io.pgsync.runtime.report.PlannedChange.Measure;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Says what differences of settings take, once the engine has said which changes it accepts. */
record SettingJudgement(Earlier earlier, FilePointers pointers, JsonNode given) {
    /** Pipelines that the engine itself has documents pass before it stores them. */
    private static final Set<String> PIPELINES = Set.of("index.default_pipeline", "index.final_pipeline");

    static boolean hasPipeline(JsonNode settings) {
        return FlatSettings.of(settings).keySet().stream().anyMatch(PIPELINES::contains);
    }

    Difference of(SettingDifference found, Optional<String> refusal) {
        String pointer = pointers.ofSetting(found.name());
        String what = "%s: %s -> %s".formatted(found.name(), value(found.live()), value(found.wanted()));
        if (found.wanted().isMissingNode()) {
            return unwanted(found, pointer, refusal);
        }
        boolean byHand = earlier.definition().isPresent()
                && of(earlier.settings(), found.name()).equals(of(given, found.name()));
        return refusal.map(reason -> new Difference(
                        new PlannedChange(
                                pointer,
                                Measure.REINDEX,
                                what,
                                "the engine refuses it on an index that is there: " + reason,
                                byHand),
                        Affected.ALL))
                .orElseGet(() -> accepted(found, pointer, what, "the engine takes it at once", byHand));
    }

    private static Difference accepted(
            SettingDifference found, String pointer, String what, String reason, boolean byHand) {
        return PIPELINES.contains(found.name())
                ? new Difference(
                        new PlannedChange(
                                pointer, Measure.LOAD, what, "every document passes it before it is stored", byHand),
                        Affected.ALL)
                : new Difference(new PlannedChange(pointer, Measure.IN_PLACE, what, reason, byHand), Affected.NONE);
    }

    private Difference unwanted(SettingDifference found, String pointer, Optional<String> refusal) {
        String what = "%s: %s in the index alone".formatted(found.name(), value(found.live()));
        if (!earlier.gave(found.name())) {
            return new Difference(
                    new PlannedChange(
                            pointer,
                            Measure.NOTHING,
                            what,
                            "the file says nothing of it; it stays",
                            earlier.definition().isPresent()),
                    Affected.NONE);
        }
        return refusal.isPresent()
                ? Difference.nothing(pointer, what, "it stays; only a new index is without it")
                : accepted(found, pointer, what, "the file has it no more; the engine takes it away", false);
    }

    /** All settings that make up what has this name. */
    private static Map<String, String> of(JsonNode settings, String name) {
        var found = new TreeMap<String, String>();
        FlatSettings.of(settings).forEach((setting, value) -> {
            if (SettingsComparison.group(setting).equals(name)) {
                found.put(setting, value.toString());
            }
        });
        return found;
    }

    private static String value(JsonNode value) {
        return value.isMissingNode() ? "none" : value.isTextual() ? value.asText() : value.toString();
    }
}
