package io.pgsync.elasticsearch.bulk;

import static io.pgsync.elasticsearch.Changes.upsert;
import static io.pgsync.elasticsearch.bulk.BulkItems.items;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.elasticsearch.StubEngine.Reply;
import io.pgsync.elasticsearch.StubbedConnection;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the engine denies a writer, no document is to blame. */
class DeniedWritesTest {
    private static final String NO_PERMISSIONS =
            "no permissions for [indices:data/write/bulk[s]] and User [name=reader]";

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    @ParameterizedTest
    @ValueSource(ints = {403, 406, 415})
    void anItemThatIsDeniedStopsTheWriterAndRefusesNoDocument(int status) {
        stubbed.engine().then(200, items("index 201", denied(status)));
        always(new Reply(200, items(denied(status))));

        assertThatWritesStop().hasMessageContaining("no permissions for [indices:data/write/bulk[s]]");
    }

    @Test
    void aRightThatOpenSearchDeniesForOneItemIsAskedForInItsWords() {
        stubbed.engine().beOpenSearch();
        always(Reply.openSearch(200, items(denied(403), denied(403))));

        assertThatWritesStop()
                .hasMessageContainingAll(
                        "OpenSearch at", "no permissions", "cluster_monitor", "cluster_composite_ops", "indices_all");
    }

    @Test
    void aRightThatOpenSearchDeniesForTheWholeRequestIsAskedForInItsWords() {
        stubbed.engine().beOpenSearch();
        always(Reply.openSearch(
                403,
                "{\"error\":{\"root_cause\":[{%1$s}],%1$s},\"status\":403}"
                        .formatted("\"type\":\"security_exception\",\"reason\":\"" + NO_PERMISSIONS + "\"")));

        assertThatWritesStop()
                .hasMessageContainingAll(
                        "OpenSearch at", "no permissions", "cluster_monitor", "cluster_composite_ops", "indices_all");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "406 {\"error\":\"Content-Type header [text/plain] is not supported\",\"status\":406}",
                "415 {\"error\":{\"root_cause\":[],\"type\":\"x\",\"reason\":\"r\"},\"status\":415}",
                "400 {\"error\":{\"root_cause\":[],\"type\":\"media_type_header_exception\",\"reason\":\"r\"},\"status\":400}"
            })
    void aMediaTypeThatIsChangedOnTheWayStopsTheWriterOfEitherEngine(String answer) {
        int status = Integer.parseInt(answer.substring(0, 3));
        always(new Reply(status, answer.substring(4)));
        assertThatWritesStop()
                .hasMessageContaining("Have what is on the way to it leave Accept and Content-Type alone.");
        try (var other = StubbedConnection.open()) {
            other.engine().beOpenSearch();
            always(other, Reply.openSearch(status, answer.substring(4)));

            assertThatWritesStop(other)
                    .hasMessageContaining("Have what is on the way to it leave Accept and Content-Type alone.");
        }
    }

    @Test
    void aStrangersObjectionToAMediaTypePasses() {
        IntStream.range(0, 7)
                .forEach(i -> stubbed.engine().then(request -> Reply.foreign(415, "text/html", "<html>WAF</html>")));

        assertThat(StubbedSink.of(stubbed.connection()).write(upsert("1", "{}")))
                .isEqualTo(new WriteOutcome(1, 0, List.of()));
    }

    private static String denied(int status) {
        return "index " + status + " security_exception " + NO_PERMISSIONS;
    }

    private void always(Reply answer) {
        always(stubbed, answer);
    }

    private static void always(StubbedConnection stubbed, Reply answer) {
        IntStream.range(0, 40).forEach(i -> stubbed.engine().then(request -> answer));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertThatWritesStop() {
        return assertThatWritesStop(stubbed);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertThatWritesStop(StubbedConnection stubbed) {
        var sink = StubbedSink.of(stubbed.connection());
        return assertThatThrownBy(() -> sink.write(upsert("1", "{}"), upsert("2", "{}")))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP));
    }
}
