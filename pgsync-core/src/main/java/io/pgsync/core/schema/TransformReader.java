package io.pgsync.core.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.transform.Transform;
import io.pgsync.core.transform.Transform.Concat;
import io.pgsync.core.transform.Transform.Move;
import io.pgsync.core.transform.Transform.Rename;
import io.pgsync.core.transform.Transform.Replacement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads and checks {@code transform}, so that no rule fails only at the first document. */
final class TransformReader {
    private static final List<String> NAMES = List.of("replace", "rename", "concat", "move", "mapping");

    private TransformReader() {}

    /** {@code warnings} receives unknown names. */
    static Transform read(SchemaValue transform, Problems warnings) {
        for (SchemaValue rule : transform.entries()) {
            if (!NAMES.contains(rule.key())) {
                String near =
                        NearestName.of(rule.key(), NAMES).map("; "::concat).orElse("");
                warnings.add(rule.pointer(), "unknown, ignored" + near);
            }
        }
        return new Transform(
                replacements(transform.at("replace")),
                renames(transform.at("rename")),
                oneOrMany(transform.at("concat")).stream()
                        .flatMap(rule -> concat(rule).stream())
                        .toList(),
                oneOrMany(transform.at("move")).stream()
                        .flatMap(rule -> move(rule).stream())
                        .toList(),
                mapping(transform.at("mapping")));
    }

    private static List<SchemaValue> oneOrMany(SchemaValue rule) {
        if (!rule.given()) {
            return List.of();
        }
        return rule.json().isArray() ? rule.elements() : List.of(rule);
    }

    /** Leaves out rules that replace nothing. */
    private static Map<String, Replacement> replacements(SchemaValue rules) {
        Map<String, Replacement> read = new LinkedHashMap<>();
        for (SchemaValue rule : rules.entries()) {
            Replacement replacement = replacement(rule);
            if (!rule.json().isEmpty()) {
                read.put(rule.key(), replacement);
            }
        }
        return read;
    }

    private static Replacement replacement(SchemaValue rule) {
        List<SchemaValue> entries = rule.entries();
        entries.stream()
                .filter(entry -> !entry.json().isObject() && !entry.json().isTextual())
                .forEach(entry -> entry.reject("must be the text to put in place of \"%s\", not %s"
                        .formatted(entry.key(), entry.described())));
        if (entries.stream().anyMatch(entry -> entry.json().isObject())) {
            Map<String, Replacement> parts = new LinkedHashMap<>();
            entries.stream().filter(entry -> entry.json().isObject()).forEach(entry -> {
                Replacement part = replacement(entry);
                if (!entry.json().isEmpty()) {
                    parts.put(entry.key(), part);
                }
            });
            return new Replacement.Parts(parts);
        }
        return new Replacement.Texts(entries.stream()
                .collect(Collectors.toMap(
                        SchemaValue::key, entry -> entry.json().asText(), (first, last) -> last, LinkedHashMap::new)));
    }

    private static Map<String, Rename> renames(SchemaValue rules) {
        Map<String, Rename> read = new LinkedHashMap<>();
        for (SchemaValue rule : rules.entries()) {
            if (rule.json().isObject()) {
                read.put(rule.key(), new Rename.Inside(renames(rule)));
            } else if (rule.json().isValueNode() && rule.given()) {
                read.put(rule.key(), new Rename.To(rule.json().asText()));
            } else {
                rule.reject("must be the new name, not " + rule.described());
            }
        }
        return read;
    }

    private static Optional<Concat> concat(SchemaValue rule) {
        if (!rule.json().isObject()) {
            rule.reject("must be an object with \"columns\" and \"destination\", not " + rule.described());
            return Optional.empty();
        }
        SchemaValue delimiter = rule.at("delimiter");
        if (delimiter.given() && !delimiter.json().isTextual()) {
            delimiter.reject("must be a string, not " + delimiter.described());
        }
        return Optional.of(new Concat(
                rule.at("columns").texts(),
                required(rule.at("destination"), "the field to write to"),
                delimiter.json().asText("")));
    }

    private static Optional<Move> move(SchemaValue rule) {
        if (!rule.json().isObject()) {
            rule.reject("must be an object with \"column\" and \"destination\", not " + rule.described());
            return Optional.empty();
        }
        Move move = Move.of(
                required(rule.at("column"), "the field to move"),
                required(rule.at("destination"), "the path to move it to"));
        if (move.path().isEmpty()) {
            rule.at("destination")
                    .reject("must be a path such as \"a.b\", not "
                            + rule.at("destination").described());
            return Optional.empty();
        }
        return Optional.of(move);
    }

    private static String required(SchemaValue value, String what) {
        if (!value.given()) {
            value.reject("is missing; name " + what);
        }
        return value.text().orElse("");
    }

    private static Map<String, JsonNode> mapping(SchemaValue fields) {
        Map<String, JsonNode> read = new LinkedHashMap<>();
        for (SchemaValue field : fields.entries()) {
            if (!field.json().isObject()) {
                field.reject("must be a mapping such as {\"type\": \"keyword\"}, not " + field.described());
            }
            read.put(field.key(), field.json());
        }
        return read;
    }
}
