package io.pgsync.torture.tree;

import java.util.List;
import java.util.stream.Stream;

/** A condition that raises an error for the rows whose {@code v} is 7. */
public final class Raising {
    static final String CONDITION = "only_good(v)";
    static final String FUNCTION = """
        CREATE FUNCTION only_good(v integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
        IF v = 7 THEN RAISE EXCEPTION 'no % here', v; END IF; RETURN v IS NULL OR v <> 3; END $$\
        """;

    private Raising() {}

    /** The statements after which it raises none. */
    public static List<String> mending(Node root) {
        return nodes(root)
                .filter(node -> node.written().path("where").asText().equals(CONDITION))
                .map(node ->
                        "UPDATE %s SET v = 8 WHERE v = 7".formatted(node.table().name()))
                .distinct()
                .toList();
    }

    private static Stream<Node> nodes(Node node) {
        return Stream.concat(Stream.of(node), node.children().stream().flatMap(Raising::nodes));
    }
}
