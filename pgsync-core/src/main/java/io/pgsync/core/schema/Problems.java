package io.pgsync.core.schema;

import java.util.ArrayList;
import java.util.List;

/** Gathers what is wrong, so that a user repairs a file once and not once per mistake. */
final class Problems {
    private final List<SchemaProblem> found = new ArrayList<>();

    void add(String pointer, String message) {
        found.add(new SchemaProblem(pointer, message));
    }

    void addAll(List<SchemaProblem> others) {
        found.addAll(others);
    }

    List<SchemaProblem> found() {
        return List.copyOf(found);
    }
}
