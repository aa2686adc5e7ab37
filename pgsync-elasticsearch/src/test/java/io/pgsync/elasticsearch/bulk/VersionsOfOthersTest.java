package io.pgsync.elasticsearch.bulk;

import static io.pgsync.elasticsearch.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.version.Reach;
import io.pgsync.core.version.ReadVersions;
import io.pgsync.elasticsearch.StubbedConnection;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class VersionsOfOthersTest {
    private static final long OURS = Objects.requireNonNull(
            new ReadVersions(15).during(Reach.wholeOf("books"), Mono::just).blockLast());

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    /** The write before had no answer; somebody's hand has changed the document since. */
    @Test
    void aHandThatWritesOverWhatIsSentAgainIsBelowTheNextRead() {
        stored(OURS + 1);

        assertThat(write().superseded()).isEqualTo(1);
    }

    @Test
    void aVersionThatANextReadWouldNotOutdoIsAGap() {
        stored(OURS + 16);

        assertThatThrownBy(this::write).isInstanceOf(GapException.class).hasMessageContaining("superseded");
    }

    /** A log gives again what that one had not committed, the older entry of a document first. */
    @Test
    void whatAnEarlierGenerationHasStoredIsNobodyElses() {
        stored(OURS + 16);

        WriteOutcome outcome = StubbedSink.after(stubbed.connection(), ReadVersions.beginOf(16))
                .write(OURS, upsert("1", "{}"));

        assertThat(outcome.superseded()).isEqualTo(1);
    }

    private WriteOutcome write() {
        return StubbedSink.of(stubbed.connection()).write(OURS, upsert("1", "{}"));
    }

    private void stored(long version) {
        stubbed.engine()
                .then(
                        200,
                        "{\"errors\":true,\"items\":[{\"index\":{\"status\":409,\"error\":{\"type\":\"version_conflict_engine_exception\",\"reason\":\"[1]: version conflict, current version [%d] is higher than the one provided [%d]\"}}}]}"
                                .formatted(version, OURS));
    }
}
