package io.pgsync.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.HttpAsyncResponseConsumerFactory;
import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.RequestOptions;
import co.elastic.clients.transport.rest5_client.low_level.WarningsHandler;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;

/**
 * Notices when the client sends a request once more: it asks the next node when one gives no answer, and only the
 * answer of the last one is seen. Works with every client, because the client needs a new consumer for each answer that
 * it waits for.
 */
final class CountedRequest implements HttpAsyncResponseConsumerFactory {
    private final AtomicLong repeats;
    private boolean sent;

    private CountedRequest(AtomicLong repeats) {
        this.repeats = repeats;
    }

    /**
     * The request in the form in which every engine takes it, whatever default headers the client has. {@code repeats}
     * grows each time that it is sent again.
     */
    static Request of(Request request, AtomicLong repeats) {
        var counted = new Request(request.getMethod(), request.getEndpoint());
        counted.addParameters(request.getParameters());
        counted.setEntity(request.getEntity());
        RequestOptions.Builder options = request.getOptions().toBuilder()
                .setWarningsHandler(WarningsHandler.PERMISSIVE)
                .setHttpAsyncResponseConsumerFactory(new CountedRequest(repeats))
                .removeHeader("Accept")
                .addHeader("Accept", "application/json");
        if (request.getEntity() != null) {
            options.removeHeader("Content-Type")
                    .addHeader("Content-Type", request.getEntity().getContentType());
        }
        counted.setOptions(options);
        return counted;
    }

    @Override
    public synchronized AsyncResponseConsumer<ClassicHttpResponse> createHttpAsyncResponseConsumer() {
        if (sent) {
            repeats.incrementAndGet();
        }
        sent = true;
        return RequestOptions.DEFAULT.getHttpAsyncResponseConsumerFactory().createHttpAsyncResponseConsumer();
    }
}
