package io.pgsync.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.aws.AmazonStub;
import io.pgsync.aws.AwsSigners;
import io.pgsync.aws.ReceivedRequest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.RequestTargetHost;
import org.apache.hc.core5.net.URIAuthority;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/** Every address of ours has a port, but a service signs the usual one of a scheme without it. Tests cannot listen there. */
class UsualPortTest {
    private static final String HOST = "search-books.eu-west-1.es.amazonaws.com";
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    @ParameterizedTest
    @CsvSource({"https, 443, false", "http, 80, false", "https, 9200, true", "http, 443, true", "https, 80, true"})
    void isNeitherSentNorSigned(String scheme, int port, boolean shown) throws Exception {
        var request = new BasicHttpRequest("GET", "/_cluster/health");
        request.setScheme(scheme);
        request.setAuthority(new URIAuthority(HOST, port));

        ReceivedRequest sent = received(signed(request));

        assertThat(sent.header("host")).isEqualTo(shown ? HOST + ":" + port : HOST);
        ReceivedRequest.Authorization given = sent.authorization().orElseThrow();
        assertThat(given.signature()).isEqualTo(sent.signature(SECRET, given.scope(), given.signed()));
    }

    private static HttpRequest signed(HttpRequest request) throws Exception {
        var signers = new AwsSigners(() -> AwsBasicCredentials.create("AKIDEXAMPLE", SECRET));
        var sent = new CompletableFuture<HttpRequest>();
        new SignedExchange(signers.forRegion(AmazonStub.REGION), Runnable::run)
                .execute(request, null, null, (next, body, scope, callback) -> sent.complete(next), failing(sent));
        return sent.get(20, TimeUnit.SECONDS);
    }

    private static AsyncExecCallback failing(CompletableFuture<HttpRequest> sent) {
        return (AsyncExecCallback) java.lang.reflect.Proxy.newProxyInstance(
                AsyncExecCallback.class.getClassLoader(),
                new Class<?>[] {AsyncExecCallback.class},
                (proxy, method, arguments) -> sent.completeExceptionally((Exception) arguments[0]));
    }

    /** With the host that the client adds in the end. */
    private static ReceivedRequest received(HttpRequest request) throws Exception {
        RequestTargetHost.INSTANCE.process(request, null, HttpCoreContext.create());
        Map<String, String> headers = new HashMap<>();
        Arrays.stream(request.getHeaders())
                .forEach(header -> headers.put(header.getName().toLowerCase(Locale.ROOT), header.getValue()));
        return new ReceivedRequest(request.getMethod(), request.getRequestUri(), headers, new byte[0]);
    }
}
