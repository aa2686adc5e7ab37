package io.pgsync.core.document;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.tree.DocumentTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Makes the finished document of a root from what the source built: its fields, and the keys of all rows in it. If the
 * tree has neither transforms nor plugins, the bytes of the fields pass through unread. Thread-safe.
 */
public final class DocumentAssembler {
    private static final byte[] META = "\"_meta\":".getBytes(StandardCharsets.UTF_8);

    private final DocumentTree tree;
    private final DocumentIds ids;
    private final MetaKeys metaKeys;
    private final UnaryOperator<byte[]> transform;
    private final PluginChain plugins;

    /** {@code available}: plugins, including those that the tree lists. */
    public DocumentAssembler(DocumentTree tree, Plugins available) {
        this.tree = tree;
        this.ids = DocumentIds.of(tree);
        this.metaKeys = new MetaKeys(tree);
        this.transform = DocumentTransform.of(tree)
                .<UnaryOperator<byte[]>>map(some -> some::apply)
                .orElse(UnaryOperator.identity());
        this.plugins = available.of(tree);
    }

    /** The tree whose documents it makes. */
    public DocumentTree tree() {
        return tree;
    }

    /** How the ids of its documents are made. */
    public DocumentIds ids() {
        return ids;
    }

    /**
     * The document of one root.
     *
     * @param key the root's key, in text form
     * @param fields a JSON object
     * @param keys the keys of all rows below the root, in the shape of the tree
     */
    public DocumentChange assemble(List<String> key, byte[] fields, byte[] keys) {
        Upsert document = document(key, transform.apply(fields), keys);
        return plugins.isEmpty() ? document : afterPlugins(document, keys);
    }

    private Upsert document(List<String> key, byte[] fields, byte[] keys) {
        Optional<String> routing = tree.routing().flatMap(field -> DocumentField.text(fields, field));
        return new Upsert(
                new RootKey(tree.index(), key), ids.idOf(key), routing, withMeta(ids.firstPartOf(key), fields, keys));
    }

    /** The keys are written again, because plugins must not change them: later changes find their documents by them. */
    private DocumentChange afterPlugins(Upsert document, byte[] keys) {
        RootKey root = document.root();
        try {
            return plugins.apply(tree.index(), document.id(), document.source())
                    .<DocumentChange>map(fields -> document(root.key(), fields, keys))
                    .orElseGet(() -> new Delete(root, document.id()));
        } catch (PluginFailure failure) {
            return new Failed(root, document.id(), document.source(), "plugin_failure", failure.reason());
        }
    }

    private byte[] withMeta(String rootKey, byte[] fields, byte[] keys) {
        int end = lastIndexOf(fields, (byte) '}');
        var document = new ByteArrayOutputStream(fields.length + keys.length * 2 + 64);
        document.write(fields, 0, end);
        if (!isBlank(fields, 1, end)) {
            document.write(',');
        }
        try {
            document.write(META);
            metaKeys.write(rootKey, keys, document);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The keys of document " + rootKey + " of " + tree.index() + " are not JSON", e);
        }
        document.write('}');
        return document.toByteArray();
    }

    private static boolean isBlank(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] > ' ') {
                return false;
            }
        }
        return true;
    }

    private static int lastIndexOf(byte[] bytes, byte wanted) {
        int i = bytes.length - 1;
        while (bytes[i] != wanted) {
            i--;
        }
        return i;
    }
}
