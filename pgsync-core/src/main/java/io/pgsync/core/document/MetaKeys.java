package io.pgsync.core.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.pgsync.core.tree.DocumentTree;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Turns the keys of all rows of a document into its {@code _meta}: per table and key column, the distinct values in
 * ascending order.
 *
 * <p>The source supplies the keys in the shape of the tree, because collecting them per table is expensive in SQL and
 * cheap here. A row of a node is an array: the key values of the through row if its join has one, then those of the
 * node's {@link io.pgsync.core.tree.TreeNode#metaColumns()}, then one entry for every child: {@code null} if no row matched, otherwise an
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

    private final MetaLayout layout;
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
        this.layout = MetaLayout.of(tree.root());
        this.sourceIsRewritten = tree.hidesThroughKeys();
    }

    /**
     * Writes the {@code _meta} object. {@code rootKey} is the text of the root's first key value; {@code keys} has the
     * shape described above.
     */
    void write(String rootKey, byte[] keys, OutputStream out) throws IOException {
        var columns = new MetaColumns(layout.columns());
        try (JsonParser parser = JSON.createParser(keys)) {
            parser.nextToken();
            for (MetaLayout.OfNode child : layout.children()) {
                collectRows(parser, child, columns);
            }
        }
        columns.add(layout.rootKey(), MetaValue.of(rootKey, false));
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            columns.write(json, sourceIsRewritten);
        }
    }

    private static void collectRows(JsonParser parser, MetaLayout.OfNode node, MetaColumns columns) throws IOException {
        if (parser.nextToken() == JsonToken.VALUE_NULL) {
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            collectRow(parser, node, columns);
        }
    }

    private static void collectRow(JsonParser parser, MetaLayout.OfNode node, MetaColumns columns) throws IOException {
        List<MetaValue> throughKey = nextValues(parser, node.throughKeySize());
        List<MetaValue> key = nextValues(parser, node.key().length);
        boolean linked = !key.isEmpty();
        columns.addAll(linked ? node.linkedThroughKey() : node.unlinkedThroughKey(), throughKey);
        columns.addAll(node.key(), key);
        for (MetaLayout.OfNode child : node.children()) {
            collectRows(parser, child, columns);
        }
        parser.nextToken();
    }

    /** The next {@code count} values, or none if one of them is null. */
    private static List<MetaValue> nextValues(JsonParser parser, int count) throws IOException {
        var values = new ArrayList<MetaValue>(count);
        for (int i = 0; i < count; i++) {
            JsonToken token = parser.nextToken();
            if (token != JsonToken.VALUE_NULL) {
                values.add(MetaValue.of(parser.getText(), token != JsonToken.VALUE_STRING));
            }
        }
        return values.size() == count ? values : List.of();
    }
}
