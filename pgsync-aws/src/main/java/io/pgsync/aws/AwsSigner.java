package io.pgsync.aws;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.signing.RequestSigner;
import io.pgsync.elasticsearch.signing.ServiceRefusal;
import io.pgsync.elasticsearch.signing.SignableRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Signs with AWS's own signer. */
final class AwsSigner implements RequestSigner {
    private static final String SERVICE = "es";
    private static final String CONTENT_TYPE = "Content-Type";
    /** Part of the request without our doing. */
    private static final Set<String> SENT_ANYWAY = Set.of("Host", CONTENT_TYPE);

    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final AwsCredentialsProvider credentials;
    private final String region;
    private volatile boolean hadCredentials;

    AwsSigner(AwsCredentialsProvider credentials, String region) {
        this.credentials = credentials;
        this.region = region;
    }

    @Override
    public Map<String, String> sign(SignableRequest request) {
        Map<String, String> headers = new HashMap<>();
        signer.sign(signing(request))
                .request()
                .forEachHeader((name, values) -> headers.put(name, String.join(",", values)));
        headers.keySet().removeAll(SENT_ANYWAY);
        return headers;
    }

    private SignRequest<AwsCredentialsIdentity> signing(SignableRequest request) {
        SdkHttpRequest.Builder http =
                SdkHttpRequest.builder().uri(request.uri()).method(SdkHttpMethod.fromValue(request.method()));
        request.contentType().ifPresent(type -> http.putHeader(CONTENT_TYPE, type));
        return SignRequest.builder(identity())
                .request(http.build())
                .payload(ContentStreamProvider.fromByteArrayUnsafe(request.body()))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                .build();
    }

    /** If there were credentials before, their source is away, and comes back; otherwise there is none. */
    private AwsCredentialsIdentity identity() {
        try {
            AwsCredentialsIdentity identity = credentials.resolveCredentials();
            hadCredentials = true;
            return identity;
        } catch (RuntimeException e) {
            throw withoutCredentials(e);
        }
    }

    private SyncException withoutCredentials(RuntimeException cause) {
        return new SyncException(
                hadCredentials ? Remedy.RETRY : Remedy.STOP,
                "Requests to Amazon OpenSearch Service cannot be signed, because AWS's default chain finds no credentials: "
                        + cause.getMessage()
                        + " Give them by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, a web identity, or a role of the"
                        + " container or instance.",
                cause);
    }

    @Override
    public Optional<ServiceRefusal> refusal(int status, String body) {
        return AmazonAnswer.of(body).flatMap(AmazonAnswer::refusal);
    }
}
