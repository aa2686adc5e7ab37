package io.pgsync.core.schema;

import java.util.List;

/** Checks the form of {@code transform}, so that no rule fails on the first document. */
final class TransformShape {
    private static final List<String> NAMES = List.of("replace", "rename", "concat", "move", "mapping");

    private TransformShape() {}

    /** {@code warnings} receives the names that mean nothing. */
    static void check(SchemaValue transform, Problems warnings) {
        for (SchemaValue rule : transform.entries()) {
            switch (rule.key()) {
                case "replace" -> rule.entries().forEach(TransformShape::checkReplacement);
                case "rename" -> rule.entries().forEach(TransformShape::checkName);
                case "concat" -> oneOrMany(rule).forEach(TransformShape::checkConcat);
                case "move" -> oneOrMany(rule).forEach(TransformShape::checkMove);
                case "mapping" -> rule.entries().forEach(TransformShape::checkMapping);
                default ->
                    warnings.add(
                            rule.pointer(),
                            "unknown, ignored"
                                    + NearestName.of(rule.key(), NAMES)
                                            .map("; "::concat)
                                            .orElse(""));
            }
        }
    }

    private static List<SchemaValue> oneOrMany(SchemaValue rule) {
        if (!rule.given()) {
            return List.of();
        }
        return rule.json().isArray() ? rule.elements() : List.of(rule);
    }

    private static void checkReplacement(SchemaValue replacement) {
        for (SchemaValue entry : replacement.entries()) {
            if (entry.json().isObject()) {
                checkReplacement(entry);
            } else if (!entry.json().isTextual()) {
                entry.reject(
                        "must be the text to put in place of \"%s\", not %s".formatted(entry.key(), entry.described()));
            }
        }
    }

    private static void checkName(SchemaValue name) {
        if (name.json().isObject()) {
            name.entries().forEach(TransformShape::checkName);
        } else if (!name.json().isValueNode() || !name.given()) {
            name.reject("must be the new name, not " + name.described());
        }
    }

    private static void checkConcat(SchemaValue concat) {
        if (!concat.json().isObject()) {
            concat.reject("must be an object with \"columns\" and \"destination\", not " + concat.described());
            return;
        }
        concat.at("columns").texts();
        requireText(concat.at("destination"), "the field to write to");
        SchemaValue delimiter = concat.at("delimiter");
        if (delimiter.given() && !delimiter.json().isTextual()) {
            delimiter.reject("must be a text, not " + delimiter.described());
        }
    }

    private static void checkMove(SchemaValue move) {
        if (!move.json().isObject()) {
            move.reject("must be an object with \"column\" and \"destination\", not " + move.described());
            return;
        }
        requireText(move.at("column"), "the field to move");
        requireText(move.at("destination"), "the path to move it to");
    }

    private static void requireText(SchemaValue value, String what) {
        if (!value.given()) {
            value.reject("is missing; name " + what);
        }
        value.text();
    }

    private static void checkMapping(SchemaValue field) {
        if (!field.json().isObject()) {
            field.reject("must be a mapping such as {\"type\": \"keyword\"}, not " + field.described());
        }
    }
}
