package io.pgsync.core.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeNode;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The transforms of a tree: all {@code replace}, then all {@code rename}, then all {@code concat}, then all
 * {@code move}. Meanwhile the whole document is in memory as a tree, because a move may lead to any place in it.
 * Thread-safe.
 */
public final class DocumentTransform {
    private final List<Consumer<ObjectNode>> steps;

    private DocumentTransform(List<Consumer<ObjectNode>> steps) {
        this.steps = steps;
    }

    /** Empty if the tree's documents need no transform. */
    public static Optional<DocumentTransform> of(DocumentTree tree) {
        TreeNode root = tree.root();
        Renaming renaming = Renaming.of(root);
        List<Consumer<ObjectNode>> steps = Stream.of(
                        step(Replacing.of(root), Replacing::isEmpty),
                        step(renaming, Renaming::isEmpty),
                        step(Concatenating.of(root, renaming), Concatenating::isEmpty),
                        step(Moving.of(root, renaming), Moving::isEmpty))
                .flatMap(Optional::stream)
                .toList();
        return Optional.of(steps).filter(some -> !some.isEmpty()).map(DocumentTransform::new);
    }

    private static <T extends Consumer<ObjectNode>> Optional<Consumer<ObjectNode>> step(T step, Predicate<T> isEmpty) {
        return isEmpty.test(step) ? Optional.empty() : Optional.of(step);
    }

    /**
     * The finished fields of a document.
     *
     * @param fields a JSON object, without {@code _meta}
     * @return a JSON object on one line, without a field that a rule named {@code _meta}
     */
    public byte[] apply(byte[] fields) {
        ObjectNode document = DocumentJson.parse(fields);
        steps.forEach(step -> step.accept(document));
        try {
            return DocumentJson.fields(document);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("A document that was read cannot be written", e);
        }
    }
}
