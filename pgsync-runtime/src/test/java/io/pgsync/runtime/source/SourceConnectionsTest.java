package io.pgsync.runtime.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SourceConnectionsTest {
    /** A command that waits for a daemon looks at the databases every few seconds, for hours. */
    @Test
    void whoeverAsksForADatabaseGetsTheSamePool() {
        var connections = new SourceConnections(
                name -> Databases.named(name).connections(),
                name -> List.of(Databases.named(name).connections()));

        assertThat(connections.to("shop")).isSameAs(connections.to("shop")).isNotSameAs(connections.to("other"));
        assertThat(connections.toReplicas("shop")).isSameAs(connections.toReplicas("shop"));

        connections.close().block();
    }
}
