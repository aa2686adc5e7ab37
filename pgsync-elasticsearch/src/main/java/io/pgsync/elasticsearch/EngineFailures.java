package io.pgsync.elasticsearch;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.transport.TransportException;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Words what went wrong between us and the engine for the operator, and decides whether trying again can help. */
final class EngineFailures {
    private final String place;

    EngineFailures(List<URI> urls) {
        this.place = "Elasticsearch at " + urls.stream().map(URI::toString).collect(Collectors.joining(", "));
    }

    /** {@code what} completes "could not ...". */
    SyncException of(String what, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ElasticsearchException refused) {
            return refused(what, refused.status(), reasonOf(refused), cause);
        }
        if (cause instanceof TransportException answer) {
            return refused(what, answer.statusCode(), String.valueOf(answer.getMessage()), cause);
        }
        if (hasCause(cause, SSLException.class)) {
            return new SyncException(
                    Remedy.STOP,
                    place + " could not be reached securely: " + cause.getMessage()
                            + ". Check ELASTICSEARCH_CA_CERTS, the fingerprint, and that the URL names a host of the certificate.",
                    cause);
        }
        return new SyncException(
                Remedy.RETRY,
                place + " did not answer (" + describe(cause) + "); it could not " + what
                        + ". Check ELASTICSEARCH_URL and that the engine runs.",
                cause);
    }

    SyncException of(String what, Answer answer) {
        return of(what, EngineError.of(answer));
    }

    SyncException of(String what, EngineError error) {
        return refused(what, error.status(), error.toString(), null);
    }

    private SyncException refused(String what, int status, String reason, @Nullable Throwable cause) {
        String message = "%s could not %s: status %d, %s.%s".formatted(place, what, status, reason, remedyText(status));
        Remedy remedy = isPassing(status) ? Remedy.RETRY : Remedy.STOP;
        return cause == null ? new SyncException(remedy, message) : new SyncException(remedy, message, cause);
    }

    private static String remedyText(int status) {
        return switch (status) {
            case 401 -> " Check ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD, or the API key.";
            case 403 ->
                " Give the user the cluster privilege \"monitor\" and all privileges on the index and on "
                        + ElasticsearchStateStore.INDEX + ".";
            default -> "";
        };
    }

    static boolean isPassing(int status) {
        return status == 408 || status == 429 || status >= 500;
    }

    private static String reasonOf(ElasticsearchException refused) {
        return refused.error().type() + ": " + refused.error().reason();
    }

    private static String describe(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
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
