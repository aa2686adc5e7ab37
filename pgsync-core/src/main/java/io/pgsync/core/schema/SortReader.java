package io.pgsync.core.schema;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads an entry of {@code sort}: {@code "column"}, {@code "column desc"}, or {@code {"column": ..., "order": "asc"|"desc"}}. */
final class SortReader {
    private static final Pattern WITH_ORDER = Pattern.compile("(.+?)\\s+(asc|desc)", Pattern.CASE_INSENSITIVE);

    private SortReader() {}

    static Optional<SortColumn> read(SchemaValue entry) {
        if (entry.json().isObject()) {
            return fromObject(entry);
        }
        if (!entry.given()) {
            entry.reject("is null; name a column");
        }
        return entry.text().map(SortReader::fromText);
    }

    private static SortColumn fromText(String text) {
        Matcher withOrder = WITH_ORDER.matcher(text.strip());
        return withOrder.matches()
                ? new SortColumn(withOrder.group(1), withOrder.group(2).equalsIgnoreCase("desc"))
                : new SortColumn(text.strip(), false);
    }

    private static Optional<SortColumn> fromObject(SchemaValue entry) {
        entry.allowOnly(List.of("column", "order"), "sort attribute");
        SchemaValue order = entry.at("order");
        String direction = order.text().orElse("asc");
        if (!direction.equals("asc") && !direction.equals("desc")) {
            order.reject("must be \"asc\" or \"desc\", not " + order.described());
        }
        if (!entry.at("column").given()) {
            entry.at("column").reject("is missing; name the column to sort by");
        }
        return entry.at("column").text().map(column -> new SortColumn(column, direction.equals("desc")));
    }
}
