package io.pgsync.torture.truth;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares whole documents: arrays as multisets or in their order, numbers by value, {@code _meta} by table and column as sets of texts of which an empty one
 * equals an absent one. Nothing may be missing and nothing extra.
 */
public final class DocumentComparison {
    private static final int SHOWN = 8;

    private final List<String> differences = new ArrayList<>();

    private final boolean orderCounts;

    private DocumentComparison(boolean orderCounts) {
        this.orderCounts = orderCounts;
    }

    /** The first differences, a line each; empty if there is none. The order of arrays is not looked at. */
    public static String differences(Collection<TrueDocument> expected, Collection<TrueDocument> actual) {
        return new DocumentComparison(false).text(expected, actual);
    }

    /** The same where the elements of arrays must stand in their order. */
    public static String orderedDifferences(Collection<TrueDocument> expected, Collection<TrueDocument> actual) {
        return new DocumentComparison(true).text(expected, actual);
    }

    private String text(Collection<TrueDocument> expected, Collection<TrueDocument> actual) {
        compareAll(byKey(expected), byKey(actual));
        var all = differences;
        var shown = String.join("\n", all.subList(0, Math.min(SHOWN, all.size())));
        return all.size() > SHOWN ? shown + "\n... and " + (all.size() - SHOWN) + " more" : shown;
    }

    private static Map<String, TrueDocument> byKey(Collection<TrueDocument> documents) {
        var byKey = new TreeMap<String, TrueDocument>();
        for (var document : documents) {
            if (byKey.put(document.key(), document) != null) {
                throw new IllegalArgumentException("Two documents " + document.key());
            }
        }
        return byKey;
    }

    private void compareAll(Map<String, TrueDocument> expected, Map<String, TrueDocument> actual) {
        expected.forEach((key, document) -> {
            if (actual.containsKey(key)) {
                compareDocuments(key, document.source(), actual.get(key).source());
            } else {
                differences.add(key + " is missing: " + document.source());
            }
        });
        actual.forEach((key, document) -> {
            if (!expected.containsKey(key)) {
                differences.add(key + " should not be there: " + document.source());
            }
        });
    }

    private void compareDocuments(String key, JsonNode expected, JsonNode actual) {
        for (var field : fieldNames(expected, actual)) {
            if (field.equals("_meta")) {
                compareMeta(key + " _meta", expected.path(field), actual.path(field));
            } else {
                compareValues(key + " " + field, expected.path(field), actual.path(field));
            }
        }
    }

    private void compareValues(String path, JsonNode expected, JsonNode actual) {
        if (CanonicalJson.of(expected, orderCounts).equals(CanonicalJson.of(actual, orderCounts))) {
            return;
        }
        if (expected.isObject() && actual.isObject()) {
            fieldNames(expected, actual)
                    .forEach(field -> compareValues(path + "." + field, expected.path(field), actual.path(field)));
        } else {
            differences.add(path + ":\n    expected " + shown(expected) + "\n    actual   " + shown(actual));
        }
    }

    private void compareMeta(String path, JsonNode expected, JsonNode actual) {
        for (var table : fieldNames(expected, actual)) {
            for (var column : fieldNames(expected.path(table), actual.path(table))) {
                var expectedKeys = texts(expected.path(table).path(column));
                var actualKeys = texts(actual.path(table).path(column));
                if (!expectedKeys.equals(actualKeys)) {
                    differences.add("%s.%s.%s:%n    expected %s%n    actual   %s"
                            .formatted(path, table, column, expectedKeys, actualKeys));
                }
            }
        }
    }

    private static Set<String> fieldNames(JsonNode one, JsonNode other) {
        var names = new TreeSet<String>();
        one.fieldNames().forEachRemaining(names::add);
        other.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> texts(JsonNode keys) {
        var texts = new TreeSet<String>();
        keys.forEach(key -> texts.add(key.isNumber() ? key.decimalValue().toPlainString() : key.asText()));
        return texts;
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "no such field" : value.toString();
    }
}
