package io.pgsync.aws;

import io.pgsync.elasticsearch.signing.RequestSigner;
import io.pgsync.elasticsearch.signing.RequestSigners;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFileSupplier;

/**
 * Signers for the managed domains of Amazon OpenSearch Service, with Signature Version 4.
 *
 * <p>The credentials are asked for at each request, because they change. Where they come from over the network, this
 * blocks, but only the thread that signs: signers are called on threads that may block, never on those of the
 * connections ({@link RequestSigner#sign}).
 */
public final class AwsSigners implements RequestSigners {
    private final AwsCredentialsProvider credentials;

    /**
     * With the credentials of AWS's default chain: the environment, Java's system properties, web identity, the profiles
     * of the user, the container, the instance. A changed file of profiles is read again.
     */
    public AwsSigners() {
        this(DefaultCredentialsProvider.builder()
                .profileFile(ProfileFileSupplier.defaultSupplier())
                .build());
    }

    /** With credentials of another origin. */
    public AwsSigners(AwsCredentialsProvider credentials) {
        this.credentials = credentials;
    }

    /** {@code region}: of the domain, as {@code eu-west-1}. */
    @Override
    public RequestSigner forRegion(String region) {
        return new AwsSigner(credentials, region);
    }
}
