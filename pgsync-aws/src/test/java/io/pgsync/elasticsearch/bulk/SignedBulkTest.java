package io.pgsync.elasticsearch.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.aws.AmazonStub;
import io.pgsync.aws.AmazonStub.Reply;
import io.pgsync.aws.ManagedDomain;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.sink.WriteBatch;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.elasticsearch.BulkSettings;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.index.Generations;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sink in front of a managed domain. */
class SignedBulkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String BULK = "/" + Generations.alias("books", 1) + "/_bulk";

    @AutoClose
    private final ManagedDomain domain = new ManagedDomain();

    private final ElasticsearchConnection connection = domain.connect();

    @ParameterizedTest
    @ValueSource(ints = {1, 500})
    void documentsArriveAsTheyAre(int documents) {
        assertThat(write(documents)).isEqualTo(new WriteOutcome(documents, 0, List.of()));

        String body = AmazonStub.text(
                domain.amazon().passed().get(domain.amazon().passed().size() - 1));
        assertThat(body.lines().filter(line -> line.contains("Leiðin"))).hasSize(documents);
    }

    @Test
    void aDeniedActionEndsTheRunAndRefusesNoDocument() {
        connection.kind().block(PATIENCE);
        domain.amazon()
                .answerAtTheGateway(
                        Map.of(
                                BULK,
                                new Reply(
                                        403,
                                        "{\"Message\":\"User: arn:aws:iam::1:user/x is not authorized to perform: es:ESHttpPost\"}")));

        assertThatThrownBy(() -> write(3))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining("refuses POST " + BULK)
                .hasMessageContaining("is not authorized to perform: es:ESHttpPost")
                .hasMessageContaining("access policy of the domain");
    }

    @Test
    void aClockThatWasNeverRightEndsTheRunToo() {
        domain.amazon().setClock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(7)));

        assertThatThrownBy(() -> write(3)).hasMessageContaining("Set the clock of this machine");
    }

    private WriteOutcome write(int documents) {
        DocumentChange[] changes =
                IntStream.range(0, documents).mapToObj(SignedBulkTest::document).toArray(DocumentChange[]::new);
        return new ElasticsearchOwnership(connection, BulkSettings.DEFAULT)
                .sink(new Destination("books", 1, Optional.empty(), false))
                .write(new WriteBatch("books", 7, List.of(changes)))
                .block(PATIENCE);
    }

    private static DocumentChange document(int number) {
        String id = "id " + number;
        byte[] source = ("{\"title\":\"Leiðin\",\"number\":" + number + "}").getBytes(StandardCharsets.UTF_8);
        return new DocumentChange.Upsert(new RootKey("books", List.of(id)), id, Optional.empty(), source);
    }
}
