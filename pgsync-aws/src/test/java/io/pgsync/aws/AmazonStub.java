package io.pgsync.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pgsync.aws.ReceivedRequest.Authorization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * A managed domain: Amazon's gateway, which lets only requests pass that are signed right, and behind it an engine that
 * does whatever it is told.
 */
public final class AmazonStub implements AutoCloseable {
    public static final String REGION = "eu-west-1";

    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, AwsCredentialsIdentity> known = new ConcurrentHashMap<>();
    private final List<ReceivedRequest> passed = new CopyOnWriteArrayList<>();
    private final Queue<Reply> script = new ArrayDeque<>();
    private volatile Clock clock = Clock.systemUTC();
    private volatile Map<String, Reply> gateway = Map.of();

    public record Reply(int status, String body) {}

    public AmazonStub(AwsCredentialsIdentity... known) {
        know(known);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on, these credentials alone. */
    public void know(AwsCredentialsIdentity... credentials) {
        known.clear();
        for (AwsCredentialsIdentity each : credentials) {
            known.put(each.accessKeyId(), each);
        }
    }

    public void setClock(Clock clock) {
        this.clock = clock;
    }

    /** The gateway answers to these paths itself. */
    public void answerAtTheGateway(Map<String, Reply> replies) {
        gateway = replies;
    }

    /** The engine's next answer. */
    public synchronized void then(Reply reply) {
        script.add(reply);
    }

    private synchronized Optional<Reply> next() {
        return Optional.ofNullable(script.poll());
    }

    /** The requests that the engine got. */
    public List<ReceivedRequest> passed() {
        return passed;
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> headers = exchange.getRequestHeaders().entrySet().stream()
                .collect(Collectors.toMap(
                        header -> header.getKey().toLowerCase(Locale.ROOT),
                        header -> String.join(",", header.getValue())));
        var request = new ReceivedRequest(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                headers,
                exchange.getRequestBody().readAllBytes());
        Optional<Reply> refusal = refusal(request);
        Reply reply = refusal.orElseGet(() -> engine(request));
        if (refusal.isEmpty()) {
            exchange.getResponseHeaders().set("X-OpenSearch-Version", "OpenSearch/3.3.0 (opensearch)");
        }
        byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        boolean hasBody = bytes.length > 0 && !request.method().equals("HEAD");
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("x-amzn-RequestId", "4c0a2c8e");
        exchange.sendResponseHeaders(reply.status(), hasBody ? bytes.length : -1);
        if (hasBody) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private Optional<Reply> refusal(ReceivedRequest request) {
        Optional<Authorization> given = request.authorization();
        if (given.isEmpty()) {
            return Optional.of(
                    new Reply(403, "{\"Message\":\"User: anonymous is not authorized to perform: es:ESHttpGet\"}"));
        }
        Optional<String> refusal = check(request, given.get());
        String path = request.target().split("\\?", 2)[0];
        return refusal.map(message -> new Reply(403, "{\"message\":\"" + message.replace("\n", "\\n") + "\"}"))
                .or(() -> Optional.ofNullable(gateway.get(path)));
    }

    /** What is wrong with the signature, in Amazon's words. */
    private Optional<String> check(ReceivedRequest request, Authorization given) {
        AwsCredentialsIdentity credentials = known.get(given.accessKey());
        String token = credentials instanceof AwsSessionCredentialsIdentity temporary ? temporary.sessionToken() : "";
        if (credentials == null || !token.equals(request.header("x-amz-security-token"))) {
            return Optional.of("The security token included in the request is invalid.");
        }
        if (!given.scope().equals(given.day() + "/" + REGION + "/es/aws4_request")) {
            return Optional.of("Credential should be scoped to a valid region. ");
        }
        Instant now = clock.instant();
        Instant date = Instant.from(DATE.parse(request.header("x-amz-date")));
        if (date.isBefore(now.minus(TOLERANCE))) {
            return Optional.of("Signature expired: %s is now earlier than %s (%s - 5 min.)"
                    .formatted(DATE.format(date), DATE.format(now.minus(TOLERANCE)), DATE.format(now)));
        }
        if (date.isAfter(now.plus(TOLERANCE))) {
            return Optional.of("Signature not yet current: %s is still later than %s (%s + 5 min.)"
                    .formatted(DATE.format(date), DATE.format(now.plus(TOLERANCE)), DATE.format(now)));
        }
        return coversEverything(request, given.signed())
                        && request.header("x-amz-content-sha256").equals(request.bodyHash())
                        && given.signature()
                                .equals(request.signature(credentials.secretAccessKey(), given.scope(), given.signed()))
                ? Optional.empty()
                : Optional.of(
                        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access"
                                + " Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for"
                                + " this request should have been\n'"
                                + request.canonical(given.signed()) + "'");
    }

    private static boolean coversEverything(ReceivedRequest request, List<String> signed) {
        return signed.contains("host")
                && request.headers().keySet().stream()
                        .filter(name -> name.startsWith("x-amz-") || name.equals("content-type"))
                        .allMatch(signed::contains);
    }

    private Reply engine(ReceivedRequest request) {
        passed.add(request);
        String path = request.target().split("\\?", 2)[0];
        if (path.equals("/_nodes/_local")) {
            return new Reply(200, "{\"nodes\":{\"x\":{\"version\":\"3.3.0\"}}}");
        }
        if (path.equals("/")) {
            return new Reply(200, "{\"version\":{\"distribution\":\"opensearch\"}}");
        }
        return next().orElseGet(() -> path.endsWith("/_bulk") ? stored(request) : new Reply(200, "{}"));
    }

    private static Reply stored(ReceivedRequest request) {
        String items = text(request)
                .lines()
                .filter(line -> line.matches("\\{\"(index|delete|update)\":.*"))
                .map(line -> "{\"index\":{\"status\":201}}")
                .collect(Collectors.joining(","));
        return new Reply(200, "{\"errors\":false,\"items\":[" + items + "]}");
    }

    /** The body, decompressed. */
    public static String text(ReceivedRequest request) {
        if (!request.header("content-encoding").equals("gzip")) {
            return new String(request.body(), StandardCharsets.UTF_8);
        }
        try (var plain = new GZIPInputStream(new ByteArrayInputStream(request.body()))) {
            return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
