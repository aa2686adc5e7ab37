package io.pgsync.core.document;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * A key value in {@code _meta}, a JSON scalar. Strings come first, then literals by number.
 *
 * @param literal a number or boolean, written without quotes
 * @param natural a literal of digits alone; most keys are
 */
record MetaValue(String text, boolean literal, boolean natural) implements Comparable<MetaValue> {
    static MetaValue of(String text, boolean literal) {
        String searchable = MetaKeys.searchable(text);
        boolean asItIs = literal && searchable.equals(text);
        return new MetaValue(searchable, asItIs, asItIs && isDigits(text));
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    @Override
    public int compareTo(MetaValue other) {
        int order = Boolean.compare(literal, other.literal);
        if (order == 0 && literal) {
            order = compareNumbers(other);
        }
        return order == 0 ? text.compareTo(other.text) : order;
    }

    private int compareNumbers(MetaValue other) {
        if (natural && other.natural) {
            // JSON writes no leading zeros: the longer one is greater; among equally long ones, the text decides.
            return Integer.compare(text.length(), other.text.length());
        }
        return number().compareTo(other.number());
    }

    private boolean hasFraction() {
        return isNumber() && !text.chars().allMatch(c -> c == '-' || Character.isDigit(c));
    }

    private boolean isNumber() {
        char first = text.isEmpty() ? 't' : text.charAt(0);
        return literal && (first == '-' || Character.isDigit(first));
    }

    private BigDecimal number() {
        return isNumber() ? new BigDecimal(text) : BigDecimal.ZERO;
    }

    void write(JsonGenerator json, boolean fractionAsText) throws IOException {
        if (literal && !(fractionAsText && hasFraction())) {
            json.writeRawValue(text);
        } else {
            json.writeString(text);
        }
    }
}
