package io.pgsync.elasticsearch;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.transport.TransportException;
import co.elastic.clients.transport.rest5_client.low_level.ResponseException;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.io.EOFException;
import java.net.SocketException;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Words what went wrong between us and the engine for the operator, and decides whether trying again can help. */
final class EngineFailures {
    private static final int UNAUTHORIZED = 401;

    private final String place;
    private final LoginTrust login;

    EngineFailures(List<URI> urls, LoginTrust login) {
        this.login = login;
        this.place = "Elasticsearch at " + urls.stream().map(URI::toString).collect(Collectors.joining(", "));
    }

    /** {@code what} completes "could not ...". */
    SyncException of(String what, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ElasticsearchException refused) {
            String reason = String.valueOf(refused.error().reason());
            return refused(
                    what,
                    new EngineError(
                            refused.status(), String.valueOf(refused.error().type()), reason),
                    cause);
        }
        if (cause instanceof ResponseException answer) {
            return refused(what, EngineError.of(Answer.of(answer.getResponse())), cause);
        }
        if (cause instanceof TransportException answer && answer.response() != null) {
            return refused(what, new EngineError(answer.statusCode(), "unknown", describe(answer)), cause);
        }
        return hasCause(cause, SSLException.class) && !wasCut(cause) ? insecure(cause) : silent(what, cause);
    }

    SyncException of(String what, Answer answer) {
        return of(what, EngineError.of(answer));
    }

    SyncException of(String what, EngineError error) {
        return refused(what, error, null);
    }

    private SyncException insecure(Throwable cause) {
        return new SyncException(
                Remedy.STOP,
                place + " could not be reached securely: " + describe(cause)
                        + ". Check ELASTICSEARCH_CA_CERTS, the fingerprint, and that the URL names a host of the"
                        + " certificate.",
                cause);
    }

    private SyncException silent(String what, Throwable cause) {
        return new SyncException(
                Remedy.RETRY,
                place + " did not answer (" + describe(cause) + "); it could not " + what
                        + ". Check ELASTICSEARCH_URL and that the engine runs.",
                cause);
    }

    private SyncException refused(String what, EngineError error, @Nullable Throwable cause) {
        String message =
                "%s could not %s: status %d, %s.%s".formatted(place, what, error.status(), error, advice(error));
        Remedy remedy = remedy(error);
        return cause == null ? new SyncException(remedy, message) : new SyncException(remedy, message, cause);
    }

    private Remedy remedy(EngineError error) {
        boolean starting = error.status() == UNAUTHORIZED && login.isTrusted();
        if (starting || isPassing(error.status()) || isLostSearch(error)) {
            return Remedy.RETRY;
        }
        return isMissingIndex(error) ? Remedy.REPAIR : Remedy.STOP;
    }

    private static String advice(EngineError error) {
        if (isMissingIndex(error)) {
            return " It was deleted: it has to be created and loaded again.";
        }
        return switch (error.status()) {
            case UNAUTHORIZED -> " Check ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD, or the API key.";
            case 403 ->
                " Give the user the cluster privilege \"monitor\" and all privileges on the index and on "
                        + ElasticsearchStateStore.INDEX + ".";
            default -> "";
        };
    }

    private static boolean isMissingIndex(EngineError error) {
        return error.status() == 404 && error.type().equals("index_not_found_exception");
    }

    /** A point in time is gone, with its node or because it was kept too long: another search finds the same. */
    private static boolean isLostSearch(EngineError error) {
        return error.status() == 404 && error.type().equals("search_phase_execution_exception");
    }

    static boolean isPassing(int status) {
        return status == 408 || status == 429 || status >= 500;
    }

    private static String describe(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    /** A node that goes away during the handshake says nothing about certificates. */
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
