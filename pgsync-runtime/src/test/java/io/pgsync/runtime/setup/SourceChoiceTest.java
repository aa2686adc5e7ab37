package io.pgsync.runtime.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.TableName;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SourceChoiceTest {
    private static final TableName BOOK = new TableName("public", "book");
    private static final TableName AUDIT = new TableName("public", "audit");

    @Test
    void whoeverGivesAllTablesAnIdentityNeedsNoneBefore() {
        assertThat(excused(ReplicaIdentityMode.FULL)).containsExactlyInAnyOrder(BOOK, AUDIT);
    }

    @ParameterizedTest
    @EnumSource(names = {"KEEP", "INDEX"})
    void elseOnlyTheTablesThatTheUserNamed(ReplicaIdentityMode mode) {
        assertThat(excused(mode)).containsExactly(AUDIT);
    }

    private static Set<TableName> excused(ReplicaIdentityMode mode) {
        return new SourceChoice(mode, Set.of(AUDIT), false).excused(Set.of(BOOK, AUDIT));
    }
}
