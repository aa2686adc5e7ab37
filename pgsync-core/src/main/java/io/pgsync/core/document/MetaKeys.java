package io.pgsync.core.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Join;
import io.pgsync.core.tree.TreeNode;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Turns the keys of all rows of a document into its {@code _meta}: per table and key column, the distinct values in
 * ascending order.
 *
 * <p>The source supplies the keys in the shape of the tree, because collecting them per table is expensive in SQL and
 * cheap here. A row of a node is an array: the key values of the through row if its join has one, then those of the
 * node's {@link TreeNode#metaColumns()}, then one entry for every child: {@code null} if no row matched, otherwise an
 * array of rows. The root's row holds only the entries of its children.
 *
 * <p>A through row without a far row appears as a null element, and PGSync lists neither of its keys. It also lists
 * nothing of a through table without a primary key. But a delete of such rows must find the document, so their keys are
 * kept under {@link #UNLINKED}, which is indexed but, by {@code _source.excludes}, not shown. For this the engine
 * parses the source and writes it again, which turns 11.50 into 11.5. So in such a tree keys with a fraction are
 * written as strings, and {@code _meta} shows what a search finds.
 */
public final class MetaKeys {
    /** The entry of {@code _meta} for through rows that are not listed; {@link #unlinkedField} names its fields. */
    public static final String UNLINKED = "_unlinked";

    private static final int LONGEST_TEXT = 256;
    private static final JsonFactory JSON = new JsonFactory();

    private final TreeNode root;
    private final String rootColumn;
    private final boolean sourceIsRewritten;

    /**
     * The text of a key value in {@code _meta}, which is also the text of a search: the value, or its digest if it is
     * too long to be found. The engine does not index strings of more than 256 characters in fields that it mapped
     * itself, and refuses keywords of more than 32,766 bytes.
     */
    public static String searchable(String text) {
        return text.length() <= LONGEST_TEXT ? text : "sha256:" + digest(text);
    }

    private static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java has SHA-256", e);
        }
    }

    /** One name for table and column, because the mapping of keys has only two levels. */
    public static String unlinkedField(String table, String column) {
        return table + " " + column;
    }

    MetaKeys(DocumentTree tree) {
        this.root = tree.root();
        this.rootColumn = root.key().get(0);
        this.sourceIsRewritten = tree.hidesThroughKeys();
    }

    /**
     * Writes the {@code _meta} object. {@code rootKey} is the text of the root's first key value; {@code keys} has the
     * shape described above.
     */
    void write(String rootKey, byte[] keys, OutputStream out) throws IOException {
        var tables = new TreeMap<String, Map<String, Set<Value>>>();
        try (JsonParser parser = JSON.createParser(keys)) {
            parser.nextToken();
            for (TreeNode child : root.children()) {
                collectRows(parser, child, tables);
            }
        }
        add(tables, root.table().name().table(), rootColumn, Value.of(rootKey, false));
        write(tables, out);
    }

    private void collectRows(JsonParser parser, TreeNode node, Map<String, Map<String, Set<Value>>> tables)
            throws IOException {
        if (parser.nextToken() == JsonToken.VALUE_NULL) {
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            collectRow(parser, node, tables);
        }
    }

    private void collectRow(JsonParser parser, TreeNode node, Map<String, Map<String, Set<Value>>> tables)
            throws IOException {
        Optional<Join.Through> through = node.join().flatMap(Join::through);
        List<String> throughKey = through.map(join -> join.table().key()).orElse(List.of());
        List<Value> throughValues = nextValues(parser, throughKey.size());
        List<Value> values = nextValues(parser, node.metaColumns().size());
        boolean linked = !values.isEmpty();
        through.ifPresent(join -> addThrough(join, throughValues, linked, tables));
        if (linked) {
            addAll(tables, node.table().name().table(), node.metaColumns(), values);
        }
        for (TreeNode child : node.children()) {
            collectRows(parser, child, tables);
        }
        parser.nextToken();
    }

    private static void addThrough(
            Join.Through join, List<Value> key, boolean linked, Map<String, Map<String, Set<Value>>> tables) {
        String table = join.table().table().name().table();
        List<String> columns = join.table().key();
        if (linked && !join.isKeyless()) {
            addAll(tables, table, columns, key);
        } else if (join.hidesKeys()) {
            addAll(
                    tables,
                    UNLINKED,
                    columns.stream().map(column -> unlinkedField(table, column)).toList(),
                    key);
        }
    }

    /** The next {@code count} values, or none if one of them is null. */
    private static List<Value> nextValues(JsonParser parser, int count) throws IOException {
        var values = new ArrayList<Value>(count);
        for (int i = 0; i < count; i++) {
            JsonToken token = parser.nextToken();
            if (token != JsonToken.VALUE_NULL) {
                values.add(Value.of(parser.getText(), token != JsonToken.VALUE_STRING));
            }
        }
        return values.size() == count ? values : List.of();
    }

    private static void addAll(
            Map<String, Map<String, Set<Value>>> tables, String table, List<String> columns, List<Value> values) {
        for (int i = 0; i < values.size(); i++) {
            add(tables, table, columns.get(i), values.get(i));
        }
    }

    private static void add(Map<String, Map<String, Set<Value>>> tables, String table, String column, Value value) {
        tables.computeIfAbsent(table, t -> new TreeMap<>())
                .computeIfAbsent(column, c -> new TreeSet<>(Value.ORDER))
                .add(value);
    }

    private void write(Map<String, Map<String, Set<Value>>> tables, OutputStream out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.writeStartObject();
            for (var table : tables.entrySet()) {
                json.writeObjectFieldStart(table.getKey());
                for (var column : table.getValue().entrySet()) {
                    json.writeArrayFieldStart(column.getKey());
                    for (Value value : column.getValue()) {
                        value.write(json, sourceIsRewritten);
                    }
                    json.writeEndArray();
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        }
    }

    /** A JSON scalar; {@code literal}: a number or boolean, written without quotes. */
    private record Value(String text, boolean literal) {
        static final Comparator<Value> ORDER = Comparator.comparing(Value::literal)
                .thenComparing(Value::compareNumbers)
                .thenComparing(Value::text);

        static Value of(String text, boolean literal) {
            String searchable = searchable(text);
            return new Value(searchable, literal && searchable.equals(text));
        }

        private int compareNumbers(Value other) {
            if (isNatural() && other.isNatural()) {
                // Most keys are natural numbers: the longer one is greater; among equally long ones, the text decides.
                return Integer.compare(text.length(), other.text.length());
            }
            return number().compareTo(other.number());
        }

        /** JSON writes no leading zeros. */
        private boolean isNatural() {
            boolean natural = literal;
            for (int i = 0; natural && i < text.length(); i++) {
                natural = text.charAt(i) >= '0' && text.charAt(i) <= '9';
            }
            return natural;
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
}
