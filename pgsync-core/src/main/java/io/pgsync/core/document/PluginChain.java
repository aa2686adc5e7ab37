package io.pgsync.core.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.document.DocumentPlugin.Draft;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The plugins of one tree, in the order that schema.json lists them. */
record PluginChain(List<DocumentPlugin> plugins) {
    PluginChain {
        plugins = List.copyOf(plugins);
    }

    boolean isEmpty() {
        return plugins.isEmpty();
    }

    /**
     * The fields of a document after all plugins, without {@code _meta}; empty if a plugin drops it, and then the next
     * ones are not called.
     *
     * @param source with {@code _meta}
     */
    Optional<byte[]> apply(String index, String id, byte[] source) throws PluginFailure {
        ObjectNode document = DocumentJson.parse(source);
        for (DocumentPlugin plugin : plugins) {
            Optional<ObjectNode> changed = changed(plugin, new Draft(index, id, document));
            if (changed.isEmpty()) {
                return Optional.empty();
            }
            document = changed.get();
        }
        try {
            return Optional.of(DocumentJson.fields(document));
        } catch (JsonProcessingException e) {
            throw new PluginFailure(plugins.get(plugins.size() - 1), e);
        }
    }

    // Anything else that the code of others throws concerns only this document; an OutOfMemoryError does not.
    private static Optional<ObjectNode> changed(DocumentPlugin plugin, Draft draft) throws PluginFailure {
        try {
            return Objects.requireNonNull(plugin.transform(draft), "it returned null in place of an Optional");
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            throw new PluginFailure(plugin, e);
        }
    }
}
