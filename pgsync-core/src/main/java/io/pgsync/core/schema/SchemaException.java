package io.pgsync.core.schema;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.List;
import java.util.stream.Collectors;

/** A schema file that cannot be used; has every problem, not only the first. */
public final class SchemaException extends SyncException {
    private static final long serialVersionUID = 1L;

    private final transient List<SchemaProblem> problems;

    /** {@code source}: the file or URL. */
    public SchemaException(String source, List<SchemaProblem> problems) {
        super(
                Remedy.STOP,
                problems.stream()
                        .map(p -> "  " + p)
                        .collect(Collectors.joining("\n", source + " cannot be used:\n", "")));
        this.problems = List.copyOf(problems);
    }

    /** All problems. */
    public List<SchemaProblem> problems() {
        return problems;
    }
}
