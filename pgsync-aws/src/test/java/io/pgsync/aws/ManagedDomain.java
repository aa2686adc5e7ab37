package io.pgsync.aws;

import io.pgsync.elasticsearch.Authentication;
import io.pgsync.elasticsearch.ConnectionSettings;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** A managed domain and connections to it, which sign their requests. */
public final class ManagedDomain implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    static final String TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE==";
    static final AwsCredentials LASTING = AwsBasicCredentials.create("AKIDEXAMPLE", SECRET);
    static final AwsCredentials TEMPORARY = AwsSessionCredentials.create("ASIAEXAMPLE", SECRET, TOKEN);

    private final AmazonStub amazon = new AmazonStub(LASTING, TEMPORARY);
    private final Scheduler scheduler = Schedulers.newParallel("engine", 2);
    private final List<ElasticsearchConnection> connections = new ArrayList<>();

    public AmazonStub amazon() {
        return amazon;
    }

    /** With credentials that the domain knows. */
    public ElasticsearchConnection connect() {
        return connect(LASTING);
    }

    ElasticsearchConnection connect(AwsCredentials credentials) {
        return connect(() -> credentials);
    }

    ElasticsearchConnection connect(AwsCredentialsProvider credentials) {
        return connect(login(credentials, AmazonStub.REGION));
    }

    ElasticsearchConnection connect(Authentication login) {
        // More than there are threads, so that a connection is never what a request waits for.
        int many = Runtime.getRuntime().availableProcessors() + 5;
        return open(ElasticsearchSettings.of(amazon.url())
                .withAuthentication(login)
                .withConnections(new ConnectionSettings(PATIENCE, PATIENCE, many)));
    }

    /** Without a signature. */
    ElasticsearchConnection connectUnsigned() {
        return open(ElasticsearchSettings.of(amazon.url()));
    }

    private ElasticsearchConnection open(ElasticsearchSettings settings) {
        ElasticsearchConnection connection = ElasticsearchConnection.open(settings, scheduler);
        connections.add(connection);
        return connection;
    }

    static Authentication login(AwsCredentialsProvider credentials, String region) {
        return new Authentication.Signed(new AwsSigners(credentials).forRegion(region));
    }

    @Override
    public void close() {
        connections.forEach(ElasticsearchConnection::close);
        scheduler.dispose();
        amazon.close();
    }
}
