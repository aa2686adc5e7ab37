package io.pgsync.torture;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.torture.fault.Fault;
import io.pgsync.torture.fault.Troubles;
import io.pgsync.torture.server.OwnServers;
import io.pgsync.torture.server.ServerVersions;
import io.pgsync.torture.world.Condition;
import io.pgsync.torture.world.Switches;
import io.pgsync.torture.world.Trouble;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The short form: some trees whose seeds never change, and which meet every condition. {@code pgsync torture} goes on from there; so does
 * this with {@code -Dpgsync.test.trees} and {@code -Dpgsync.test.histories}, on the servers of {@code -Dpgsync.test.postgres} and
 * {@code -Dpgsync.test.elasticsearch} or {@code -Dpgsync.test.opensearch}.
 */
class TortureIT {
    /** Together they meet every condition but those that are {@link #SPARED}; each tree with three nodes costs a minute. */
    private static final long[] SEEDS = {2, 3, 13, 14, 38};

    /** With Kafka a tree takes twice as long, which the whole build has no time for; CONTRIBUTING has the command. */
    private static final Set<Trouble> SPARED = Set.of(Condition.WORK_LOG, Fault.CRASH_BROKER, Fault.FREEZE_BROKER);

    static final int HISTORIES = Integer.getInteger("pgsync.test.histories", 10);
    /** For a tree: on a slow machine fewer histories have to do. */
    private static final Duration LONGEST = Duration.ofSeconds(15L * HISTORIES);

    private static final OwnServers SERVERS = new OwnServers(new ServerVersions(
            Optional.ofNullable(Integer.getInteger("pgsync.test.postgres")),
            ElasticsearchServers.sharedFamily(),
            Optional.ofNullable(
                    System.getProperty(ElasticsearchServers.sharedFamily().property()))));

    @AfterAll
    static void stop() {
        SERVERS.close();
    }

    static LongStream seeds() {
        int trees = Integer.getInteger("pgsync.test.trees", 0);
        return trees > 0 ? LongStream.rangeClosed(1, trees) : shortForm();
    }

    static LongStream shortForm() {
        return LongStream.of(SEEDS);
    }

    private static Switches switches() {
        return Troubles.without(SPARED.stream().map(Trouble::label).toList());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyDocumentIsRightAtEveryQuietPoint(long seed) {
        var torture = new Torture(System.out::println, SERVERS, switches());

        assertThatCode(() -> torture.run(seed, HISTORIES, LONGEST)).doesNotThrowAnyException();
    }
}
