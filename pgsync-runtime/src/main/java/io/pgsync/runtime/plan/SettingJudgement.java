package io.pgsync.runtime.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.elasticsearch.examination.FlatSettings;
import io.pgsync.runtime.report.PlannedChange;
import io.pgsync.runtime.report.PlannedChange.Measure;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Says what differences of settings take, once the engine has said which changes it accepts. */
record SettingJudgement(Earlier earlier, FilePointers pointers, JsonNode given) {
    Difference of(SettingDifference found, Optional<String> refusal) {
        String pointer = pointers.ofSetting(found.name());
        String what = "%s: %s -> %s".formatted(found.name(), value(found.live()), value(found.wanted()));
        if (found.wanted().isMissingNode()) {
            return new Difference(unwanted(found, pointer, refusal), Affected.NONE);
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
                .orElseGet(() -> new Difference(
                        new PlannedChange(pointer, Measure.IN_PLACE, what, "the engine takes it at once", byHand),
                        Affected.NONE));
    }

    private PlannedChange unwanted(SettingDifference found, String pointer, Optional<String> refusal) {
        String what = "%s: %s in the index alone".formatted(found.name(), value(found.live()));
        if (!earlier.gave(found.name())) {
            return new PlannedChange(
                    pointer,
                    Measure.NOTHING,
                    what,
                    "the file says nothing of it; it stays",
                    earlier.definition().isPresent());
        }
        return refusal.isPresent()
                ? new PlannedChange(pointer, Measure.NOTHING, what, "it stays; only a new index is without it")
                : new PlannedChange(
                        pointer, Measure.IN_PLACE, what, "the file has it no more; the engine takes it away");
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
