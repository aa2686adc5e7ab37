package io.pgsync.runtime.verify;

import io.pgsync.core.affected.RootKey;
import io.pgsync.runtime.report.Difference;
import io.pgsync.runtime.report.Difference.Kind;
import java.util.List;
import java.util.Optional;

/**
 * A document that looked wrong once; a change that is under way looks so too.
 *
 * @param root empty if the id can be no key of the tree
 * @param mark of the stored copy that was looked at; {@link #ABSENT} if there was none
 */
record Suspect(String id, Optional<RootKey> root, Kind kind, List<String> paths, String mark) {
    static final String ABSENT = "";

    Suspect withoutPaths() {
        return new Suspect(id, root, kind, List.of(), mark);
    }

    Difference asDifference() {
        return new Difference(kind, id, paths);
    }
}
