package io.pgsync.elasticsearch;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.transport.TransportException;
import co.elastic.clients.transport.http.TransportHttpClient.Response;
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

/** Describes failures between us and the engine to the operator, and decides whether another try can help. */
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
            return refused(what, refused);
        }
        if (cause instanceof ResponseException answer) {
            // Several nodes were asked, and the last one gave this answer, with a status that passes.
            return refused(what, EngineError.of(Answer.of(answer.getResponse())), cause);
        }
        if (cause instanceof TransportException answer && answer.response() != null) {
            return undecoded(what, answer);
        }
        return hasCause(cause, SSLException.class) && !wasCut(cause) ? insecure(cause) : silent(what, cause);
    }

    SyncException of(String what, Answer answer) {
        return of(what, EngineError.of(answer));
    }

    SyncException of(String what, EngineError error) {
        return refused(what, error, null);
    }

    /** A stranger's message is not passed on as the cause either, because others look there for the engine's. */
    private SyncException refused(String what, ElasticsearchException failure) {
        Response response = failure.httpResponse();
        String type = failure.error().type();
        var respondent = Respondent.of(
                response == null ? null : response.header(Respondent.MARK),
                type != null && (response == null || response.statusCode() == failure.status()));
        String reason = String.valueOf(failure.error().reason());
        return respondent == Respondent.STRANGER && !isPassing(failure.status())
                ? silent(what, new ForeignAnswerException("status %d, \"%s\"".formatted(failure.status(), reason)))
                : refused(what, new EngineError(failure.status(), String.valueOf(type), reason), failure);
    }

    /** The typed client could not read an answer: it comes from a stranger, or was cut on its way. */
    private SyncException undecoded(String what, TransportException failure) {
        int status = failure.statusCode();
        var respondent = Respondent.of(failure.response().header(Respondent.MARK), false);
        if (respondent == Respondent.STRANGER && !isPassing(status)) {
            String type = String.valueOf(failure.response().header("Content-Type"));
            return silent(what, new ForeignAnswerException("status %d, %s".formatted(status, type)));
        }
        return status < 300
                ? silent(what, failure)
                : refused(what, new EngineError(status, "unknown", describe(failure)), failure);
    }

    SyncException tooOld(EngineVersion version) {
        return new SyncException(
                Remedy.STOP,
                place + ": " + version.finding().message() + ". "
                        + version.finding().remedy() + ".");
    }

    private SyncException insecure(Throwable cause) {
        return new SyncException(
                Remedy.STOP,
                place + " could not be reached securely: " + describe(cause)
                        + ". Check the CA certificate of Elasticsearch, the fingerprint, and that the URL names a host of the"
                        + " certificate.",
                cause);
    }

    private SyncException silent(String what, Throwable cause) {
        String advice = cause instanceof ForeignAnswerException
                ? "Look at what is on the way to it: a proxy, an ingress, a login page."
                : "Check the Elasticsearch URL and that the engine runs.";
        return new SyncException(
                Remedy.RETRY,
                place + " did not answer (" + describe(cause) + "); it could not " + what + ". " + advice,
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
            case UNAUTHORIZED -> " Check the Elasticsearch user and password, or the API key.";
            case 403 ->
                " Give the user the cluster privilege \"monitor\" and all privileges on the index and on "
                        + ElasticsearchSettings.STATE_INDEX + ".";
            default -> "";
        };
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
