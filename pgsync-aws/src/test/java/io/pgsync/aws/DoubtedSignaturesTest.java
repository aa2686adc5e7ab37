package io.pgsync.aws;

import static io.pgsync.aws.ManagedDomain.LASTING;
import static io.pgsync.aws.ManagedDomain.PATIENCE;
import static io.pgsync.aws.ManagedDomain.SECRET;
import static io.pgsync.aws.ManagedDomain.TEMPORARY;
import static io.pgsync.aws.ManagedDomain.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.Answer;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What is said where a gateway does not believe the signature of a request. */
class DoubtedSignaturesTest {
    @AutoClose
    private final ManagedDomain domain = new ManagedDomain();

    @Test
    void aWrongClockIsNamed() {
        for (int minutes : new int[] {6, -6}) {
            domain.amazon().setClock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(minutes)));
            assertStops(LASTING, "Set the clock of this machine: a signature is valid for five minutes.");
        }
        for (int minutes : new int[] {4, -4}) {
            domain.amazon().setClock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(minutes)));
            var connection = domain.connect();
            assertPasses(connection, new Request("GET", "/_cluster/health"));
        }
    }

    @Test
    void wrongCredentialsAreNamedWithoutTheirSecrets() {
        assertStops(AwsBasicCredentials.create("AKIDEXAMPLE", "no " + SECRET), "Check the secret access key");
        assertStops(AwsSessionCredentials.create("ASIAEXAMPLE", "no " + SECRET, TOKEN), "Check the secret access key");
        assertStops(AwsBasicCredentials.create("ASIAEXAMPLE", SECRET), "its session token is missing");
        assertStops(AwsBasicCredentials.create("AKIDUNKNOWN", SECRET), "AWS does not know the access key");
    }

    @Test
    void aWrongRegionIsNamed() {
        var connection = domain.connect(ManagedDomain.login(() -> LASTING, "us-east-1"));

        assertThatThrownBy(() -> connection.check().block(PATIENCE))
                .hasMessageContaining("Correct the region of signatures.");
    }

    @Test
    void credentialsThatWereAcceptedMayBeAboutToBeRenewed() {
        var connection = domain.connect(TEMPORARY);
        assertPasses(connection, new Request("GET", "/_cluster/health"));
        domain.amazon().know(LASTING);

        assertThatThrownBy(() -> connection.check().block(PATIENCE))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.RETRY));
    }

    @Test
    void withoutCredentialsItStopsUnlessThereWereSome() {
        var there = new AtomicInteger();
        AwsCredentialsProvider source = () -> {
            if (there.get() == 0) {
                throw SdkClientException.create("the instance has no role");
            }
            return LASTING;
        };
        var connection = domain.connect(source);
        assertRemedy(connection, Remedy.STOP);
        there.set(1);
        assertPasses(connection, new Request("GET", "/_cluster/health"));
        there.set(0);
        assertRemedy(connection, Remedy.RETRY);
    }

    private static void assertRemedy(ElasticsearchConnection connection, Remedy remedy) {
        assertThatThrownBy(() -> connection.check().block(PATIENCE))
                .hasMessageContaining("AWS's default chain finds no credentials: the instance has no role")
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(remedy));
    }

    @Test
    void aRequestWithoutASignatureIsRefused() {
        var connection = domain.connectUnsigned();

        assertThatThrownBy(() -> connection.check().block(PATIENCE)).hasMessageContaining("User: anonymous");
        assertThat(domain.amazon().passed()).isEmpty();
    }

    private void assertStops(AwsCredentials credentials, String advice) {
        var connection = domain.connect(credentials);
        Throwable failure = catchThrowable(() -> connection.check().block(PATIENCE));

        assertThat(failure)
                .hasMessageContaining(advice)
                .hasMessageContaining(domain.amazon().url());
        assertThat(failure)
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP));
        Stream<String> shown = Stream.concat(
                Stream.iterate(failure, each -> each != null, Throwable::getCause)
                        .flatMap(each -> Stream.concat(Stream.of(each), Stream.of(each.getSuppressed())))
                        .map(Throwable::toString),
                Stream.of(ManagedDomain.login(() -> credentials, AmazonStub.REGION)
                        .toString()));
        assertThat(shown).noneMatch(text -> text.contains(SECRET) || text.contains(TOKEN));
    }

    private static void assertPasses(ElasticsearchConnection connection, Request request) {
        assertThat(connection.send(request).map(Answer::status).block(PATIENCE)).isEqualTo(200);
    }
}
