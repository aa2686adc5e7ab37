package io.pgsync.elasticsearch;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Answers as a healthy node never would, and as what stands in front of one may. Scripted answers come first, in order; then every item of
 * every request is stored. Its index is called books, and its aliases are as they were last set.
 */
public final class StubEngine implements AutoCloseable {
    public static final Reply NO_ANSWER = new Reply(-1, "");
    private static final Map<String, String> OWN =
            Map.of("X-Elastic-Product", "Elasticsearch", "Content-Type", "application/json");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Function<String, Reply>> script = new ArrayDeque<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final StubAliases aliases = new StubAliases();
    private final Map<String, Supplier<Optional<Reply>>> events = new ConcurrentHashMap<>();
    private volatile boolean everything;
    private volatile Optional<Reply> identity =
            Optional.of(new Reply(200, "{\"nodes\":{\"x\":{\"version\":\"9.5.3\"}}}"));
    private final List<Headers> headers = new CopyOnWriteArrayList<>();
    private final Set<Integer> connections = ConcurrentHashMap.newKeySet();
    private final Set<Integer> silent = ConcurrentHashMap.newKeySet();

    public record Reply(int status, String body, Map<String, String> headers) {
        /** Of the engine itself. */
        public Reply(int status, String body) {
            this(status, body, OWN);
        }

        /** Of OpenSearch 2. */
        public static Reply openSearch(int status, String body) {
            return foreign(status, "application/json; charset=UTF-8", body);
        }

        /** Of a proxy. */
        public static Reply foreign(int status, String contentType, String body) {
            return new Reply(status, body, Map.of("Content-Type", contentType));
        }
    }

    public StubEngine() {
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

    public StubEngine then(int status, String body) {
        return then(request -> new Reply(status, body));
    }

    public synchronized StubEngine then(Function<String, Reply> reply) {
        script.add(reply);
        return this;
    }

    /** The request arrives, the connection is cut without an answer. */
    public StubEngine thenCut() {
        return then(request -> NO_ANSWER);
    }

    /** The connections that are open now stay so, and nothing comes back on them. */
    public void silenceOpenConnections() {
        silent.addAll(connections);
    }

    /** The script is also for what is asked about aliases and settings. */
    public void scriptEverything() {
        everything = true;
    }

    /** The script is also for the question which engine this is, which comes before all others. */
    public void scriptIdentity() {
        identity = Optional.empty();
    }

    /** It is OpenSearch from here on, whose answers bear no mark. */
    public void beOpenSearch() {
        identity = Optional.of(Reply.openSearch(200, "{\"nodes\":{\"x\":{\"version\":\"2.19.3\"}}}"));
        once("/", () -> Optional.of(Reply.openSearch(200, "{\"version\":{\"distribution\":\"opensearch\"}}")));
    }

    public StubAliases aliases() {
        return aliases;
    }

    /** Happens when the next request to that path, or to one that begins with it, arrives; what it gives is the answer. */
    public void once(String path, Supplier<Optional<Reply>> event) {
        events.put(path, event);
    }

    /** That is the answer to every request to that path, or to one that begins with it, from here on. */
    public void always(String path, Reply reply) {
        once(path, () -> {
            always(path, reply);
            return Optional.of(reply);
        });
    }

    private Optional<Reply> event(String path) {
        return events.keySet().stream()
                .filter(path::startsWith)
                .findFirst()
                .flatMap(start -> Optional.ofNullable(events.remove(start)))
                .flatMap(Supplier::get);
    }

    /** Where {@link #bodies()} were sent. */
    public List<String> paths() {
        return paths;
    }

    /** The same with method and parameters. */
    public List<String> requests() {
        return requests;
    }

    public List<String> bodies() {
        return bodies;
    }

    /** The values of that header in all requests; {@code null} in those without it. */
    public List<String> headers(String name) {
        return headers.stream().map(all -> String.valueOf(all.getFirst(name))).toList();
    }

    public static Reply allStored(String request) {
        String items = IntStream.range(0, itemsIn(request))
                .mapToObj(i -> "{\"index\":{\"status\":201}}")
                .collect(Collectors.joining(","));
        return new Reply(200, "{\"errors\":false,\"items\":[" + items + "]}");
    }

    public static int itemsIn(String request) {
        return (int) request.lines()
                .filter(line -> line.matches("\\{\"(index|delete|update)\":.*"))
                .count();
    }

    private void handle(HttpExchange exchange) throws IOException {
        int connection = exchange.getRemoteAddress().getPort();
        connections.add(connection);
        if (silent.contains(connection)) {
            return;
        }
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        headers.add(exchange.getRequestHeaders());
        String path = exchange.getRequestURI().getPath();
        Optional<Reply> event = path.equals("/_nodes/_local") ? identity : event(path);
        Optional<Reply> own =
                event.isPresent() || everything ? event : aliases.answer(exchange.getRequestMethod(), path, body);
        Reply reply = own.orElseGet(() -> scripted(exchange, body));
        if (reply.equals(NO_ANSWER)) {
            exchange.close();
            return;
        }
        byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Reply scripted(HttpExchange exchange, String body) {
        paths.add(exchange.getRequestURI().getPath());
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        bodies.add(body);
        return next().apply(body);
    }

    private synchronized Function<String, Reply> next() {
        Function<String, Reply> next = script.poll();
        return next == null ? StubEngine::allStored : next;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
