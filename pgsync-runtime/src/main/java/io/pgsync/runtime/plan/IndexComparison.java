package io.pgsync.runtime.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.elasticsearch.examination.Alteration;
import io.pgsync.elasticsearch.examination.IndexForm;
import io.pgsync.elasticsearch.examination.PlannedIndex;
import io.pgsync.elasticsearch.index.CreationSettings;
import io.pgsync.runtime.report.PlannedChange.Measure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Compares an index with the one that a bootstrap would create now, and asks the engine which changes it accepts. */
final class IndexComparison {
    private final PlanEngine engine;
    private final PlannedIndex plan;
    private final IndexForm live;

    IndexComparison(PlanEngine engine, PlannedIndex plan, IndexForm live) {
        this.engine = engine;
        this.plan = plan;
        this.live = live;
    }

    /**
     * @param alterations what makes the index as the file wants it, as far as the engine accepts it, by where it is sent
     */
    record Compared(List<Difference> differences, Map<String, Alteration> alterations) {
        static final Compared NOTHING = new Compared(List.of(), Map.of());
    }

    Mono<Compared> compared(MappingJudgement mappings, SettingJudgement settings) {
        return engine.asCreated(plan)
                .map(wanted -> MappingComparison.between(live.mappings(), wanted.mappings()))
                .flatMap(found -> asked(found, SettingsComparison.between(live.settings(), wantedSettings()))
                        .map(answers -> judged(answers, mappings, settings)));
    }

    private ObjectNode wantedSettings() {
        return CreationSettings.of(plan.settings(), plan.mappings());
    }

    private record Answer<T>(T found, Optional<Alteration> alteration, Optional<String> refusal) {}

    private record Answers(List<Answer<MappingDifference>> mappings, List<Answer<SettingDifference>> settings) {}

    private Mono<Answers> asked(List<MappingDifference> mappings, List<SettingDifference> settings) {
        List<Alteration> alterations = new ArrayList<>();
        List<Optional<Alteration>> ofMappings = mappings.stream()
                .map(found -> found.body().isEmpty()
                        ? Optional.<Alteration>empty()
                        : Optional.of(Alteration.ofMappings(found.body())))
                .toList();
        List<Optional<Alteration>> ofSettings = settings.stream()
                .map(found -> Optional.of(Alteration.ofSettings(found.body())))
                .toList();
        ofMappings.forEach(alteration -> alteration.ifPresent(alterations::add));
        ofSettings.forEach(alteration -> alteration.ifPresent(alterations::add));
        return engine.refusals(plan.name(), live, alterations).map(refusals -> {
            var rest = refusals.iterator();
            var first = new ArrayList<Answer<MappingDifference>>();
            for (int i = 0; i < mappings.size(); i++) {
                Optional<Alteration> alteration = ofMappings.get(i);
                first.add(new Answer<>(
                        mappings.get(i), alteration, alteration.isPresent() ? rest.next() : Optional.empty()));
            }
            var second = new ArrayList<Answer<SettingDifference>>();
            for (int i = 0; i < settings.size(); i++) {
                second.add(new Answer<>(settings.get(i), ofSettings.get(i), rest.next()));
            }
            return new Answers(first, second);
        });
    }

    private static Compared judged(Answers answers, MappingJudgement mappings, SettingJudgement settings) {
        var differences = new ArrayList<Difference>();
        var alterations = new LinkedHashMap<String, Alteration>();
        for (Answer<MappingDifference> answer : answers.mappings()) {
            mappings.of(answer.found(), answer.refusal())
                    .ifPresent(difference -> note(difference, answer.alteration(), differences, alterations));
        }
        for (Answer<SettingDifference> answer : answers.settings()) {
            note(settings.of(answer.found(), answer.refusal()), answer.alteration(), differences, alterations);
        }
        return new Compared(differences, alterations);
    }

    private static void note(
            Difference difference,
            Optional<Alteration> alteration,
            List<Difference> differences,
            Map<String, Alteration> alterations) {
        differences.add(difference);
        Measure measure = difference.change().measure();
        if (measure == Measure.IN_PLACE || measure == Measure.LOAD) {
            alteration.ifPresent(change -> alterations.merge(change.api(), change, Alteration::and));
        }
    }
}
