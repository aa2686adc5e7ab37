package io.pgsync.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.signing.ServiceRefusal;
import io.pgsync.elasticsearch.signing.ServiceRefusedException;
import java.io.EOFException;
import java.net.SocketException;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Describes failures between us and the engine to the operator, and decides whether another try can help. */
final class EngineFailures {
    private static final int UNAUTHORIZED = 401;

    private final String urls;
    private final LoginTrust login;
    private volatile Optional<EngineKind> kind = Optional.empty();

    EngineFailures(List<URI> urls, LoginTrust login) {
        this.login = login;
        this.urls = urls.stream().map(URI::toString).collect(Collectors.joining(", "));
    }

    /** From now on, messages have the name of this engine, and its rights. */
    void speakOf(EngineKind found) {
        this.kind = Optional.of(found);
    }

    private String place() {
        return kind.map(EngineKind::label).orElse("The search engine") + " at " + urls;
    }

    /** {@code what} completes "could not ...". */
    SyncException of(String what, Throwable cause) {
        return hasCause(cause, SSLException.class) && !wasCut(cause) ? insecure(cause) : silent(what, cause);
    }

    SyncException of(String what, Answer answer) {
        return of(what, EngineError.of(answer));
    }

    SyncException of(String what, EngineError error) {
        String message =
                "%s could not %s: status %d, %s.%s".formatted(place(), what, error.status(), error, advice(error));
        return new SyncException(remedy(error), message, new RefusedRequestException(error));
    }

    SyncException tooOld(EngineVersion version) {
        return new SyncException(
                Remedy.STOP,
                place() + ": " + version.finding().message() + ". "
                        + version.finding().remedy() + ".");
    }

    SyncException unknownDistribution(String name, String version) {
        return new SyncException(
                Remedy.STOP,
                "The engine at %s is of the distribution \"%s\", version %s, which pgsync does not know. It works with Elasticsearch and OpenSearch."
                        .formatted(urls, name, version));
    }

    SyncException unexpected(EngineVersion version, EngineKind expected) {
        return new SyncException(
                Remedy.STOP,
                "%s is %s, but the expected search engine is %s. Correct the search engine's URL, or expect no certain engine."
                        .formatted(urls, version, expected.label()));
    }

    /** Without the header, the answers of a proxy would look like those of the engine. */
    SyncException markLost(EngineVersion version) {
        return new SyncException(
                Remedy.STOP,
                "%s is %s, but its answers come without the header X-Elastic-Product. Have the proxy on the way to it pass that header on."
                        .formatted(place(), version));
    }

    /** By the hosting service; credentials that were accepted may be about to be renewed. */
    ServiceRefusedException refused(Request request, ServiceRefusal refusal) {
        boolean mayPass = refusal.subject() == ServiceRefusal.Subject.SIGNATURE && login.isTrusted();
        String message = "%s: the service in front of it refuses %s %s: \"%s\". %s"
                .formatted(place(), request.getMethod(), request.getEndpoint(), refusal.reason(), refusal.advice());
        return new ServiceRefusedException(mayPass ? Remedy.RETRY : Remedy.STOP, message, refusal.subject());
    }

    private SyncException insecure(Throwable cause) {
        return new SyncException(
                Remedy.STOP,
                place() + " could not be reached securely: " + describe(cause)
                        + ". Check the CA certificate of the search engine, the fingerprint, and that the URL names a host of the"
                        + " certificate.",
                cause);
    }

    private SyncException silent(String what, Throwable cause) {
        String advice = cause instanceof ForeignAnswerException foreign
                ? foreign.advice()
                : "Check the search engine's URL and that the engine runs.";
        return new SyncException(
                Remedy.RETRY,
                place() + " did not answer (" + describe(cause) + "); it could not " + what + ". " + advice,
                cause);
    }

    private Remedy remedy(EngineError error) {
        boolean starting = error.status() == UNAUTHORIZED && login.isTrusted();
        if (starting || isPassing(error.status()) || isLostSearch(error)) {
            return Remedy.RETRY;
        }
        return isMissingIndex(error) ? Remedy.REPAIR : Remedy.STOP;
    }

    private String advice(EngineError error) {
        if (isMissingIndex(error)) {
            return " It was deleted: it has to be created and loaded again.";
        }
        if (error.type().equals("api_not_available_exception")) {
            return " A serverless project does not tell what it is: use a hosted deployment.";
        }
        return switch (error.status()) {
            case UNAUTHORIZED -> " Check the search engine's user and password, or the API key.";
            case 403 -> " " + kind.orElse(EngineKind.ELASTICSEARCH).rightsAdvice();
            default -> isMediaType(error) ? " Have what is on the way to it leave Accept and Content-Type alone." : "";
        };
    }

    /** We send JSON, which every engine takes: something has changed what we sent. */
    private static boolean isMediaType(EngineError error) {
        return error.status() == 406 || error.status() == 415 || error.type().equals("media_type_header_exception");
    }

    private static boolean isMissingIndex(EngineError error) {
        return error.status() == 404 && error.type().equals("index_not_found_exception");
    }

    /** A point in time is gone, with its node or because it was kept too long; another search gives the same result. */
    private static boolean isLostSearch(EngineError error) {
        return error.status() == 404 && error.type().equals("search_phase_execution_exception");
    }

    static boolean isPassing(int status) {
        return status == 408 || status == 429 || status >= 500;
    }

    private static String describe(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    /** If a node goes away during the handshake, the certificates are not at fault. */
    private static boolean wasCut(Throwable failure) {
        return hasCause(failure, EOFException.class)
                || hasCause(failure, SocketException.class)
                || hasCause(failure, ClosedChannelException.class);
    }

    private static boolean hasCause(@Nullable Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
