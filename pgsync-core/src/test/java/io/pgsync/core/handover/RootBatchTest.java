package io.pgsync.core.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.tree.Tables;
import io.pgsync.core.tree.Trees;
import io.pgsync.core.version.Versions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RootBatchTest {
    private static final RootKey BOOK = new RootKey("books", List.of("7"));
    private static final RootKey OTHER = new RootKey("books", List.of("8"));

    private final List<Long> stored = new ArrayList<>();
    private final DocumentIds ids = DocumentIds.of(Trees.documents(
                    "[{'database': 'shop', 'index': 'books', 'nodes': {'table': 't'}}]", Tables.table("t", "id int pk"))
            .get(0));

    private Waiting taken(RootKey root, long version) {
        return new TakenRoot(root, version, () -> stored.add(version));
    }

    /** The read is behind all of them; the last that came need not be the greatest. */
    @Test
    void aRootHasTheGreatestOfItsVersions() {
        Map<RootKey, List<Waiting>> roots = new LinkedHashMap<>();
        roots.put(BOOK, List.of(taken(BOOK, 5), taken(BOOK, 9), taken(BOOK, 6)));
        roots.put(OTHER, List.of(taken(OTHER, 3)));
        var batch = new RootBatch("books", roots);

        Versions versions = batch.versions(ids);

        assertThat(versions.of("7")).isEqualTo(9);
        assertThat(versions.of("8")).isEqualTo(3);
        assertThat(versions.greatest()).isEqualTo(9);
    }

    @Test
    void allWhoWaitAreToldWhenItIsStored() {
        Map<RootKey, List<Waiting>> roots = new LinkedHashMap<>();
        roots.put(BOOK, List.of(taken(BOOK, 5), taken(BOOK, 9)));

        new RootBatch("books", roots).stored();

        assertThat(stored).containsExactly(5L, 9L);
    }
}
