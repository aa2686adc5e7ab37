package io.pgsync.core.affected;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RefusedRootsTest {
    private static final RootKey ROOT = new RootKey("shop", List.of("1"));
    private final RefusedRoots refused = new RefusedRoots();

    @Test
    void aRootIsRefusedUntilANewerReadOfItIsStored() {
        refused.add(ROOT, 5);
        assertThat(refused.of("shop")).containsExactly(ROOT);
        assertThat(refused.of("other")).isEmpty();

        refused.remove(ROOT, 6);

        assertThat(refused.of("shop")).isEmpty();
    }

    @Test
    void anOlderReadThatIsStoredLateDoesNotMakeUpForTheRefusedOne() {
        refused.add(ROOT, 5);

        refused.remove(ROOT, 4);

        assertThat(refused.of("shop")).containsExactly(ROOT);
    }

    @Test
    void theNewestRefusalCounts() {
        refused.add(ROOT, 7);
        refused.add(ROOT, 5);

        refused.remove(ROOT, 6);

        assertThat(refused.of("shop")).containsExactly(ROOT);
    }
}
