package io.pgsync.elasticsearch;

import io.pgsync.elasticsearch.signing.RequestSigner;
import io.pgsync.elasticsearch.signing.SignableRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.async.AsyncExecChainHandler;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/**
 * Signs each try of a request, as the last step before it is sent: the signature covers what is really sent, and its date
 * is fresh. A larger body is compressed first: then there is less to hash and to encrypt, which takes long without
 * Java's second compiler. All of this happens on a thread that may block, never on that of the connections.
 */
final class SignedExchange implements AsyncExecChainHandler {
    /** Bytes. Below, compression gains nothing. */
    private static final int LARGE = 4 * 1024;

    private static final byte[] NOTHING = {};

    private final RequestSigner signer;
    private final Executor executor;

    SignedExchange(RequestSigner signer) {
        this(signer, task -> Schedulers.boundedElastic().schedule(task));
    }

    SignedExchange(RequestSigner signer, Executor executor) {
        this.signer = signer;
        this.executor = executor;
    }

    @Override
    public void execute(
            HttpRequest request,
            @Nullable AsyncEntityProducer entity,
            AsyncExecChain.Scope scope,
            AsyncExecChain chain,
            AsyncExecCallback callback) {
        try {
            executor.execute(() -> {
                try {
                    chain.proceed(request, signed(request, entity), scope, callback);
                } catch (HttpException | IOException | URISyntaxException | RuntimeException e) {
                    callback.failed(e);
                } catch (LinkageError e) {
                    // The signer comes in a jar of its own, which may be incomplete.
                    callback.failed(new IOException(e));
                }
            });
        } catch (RejectedExecutionException e) {
            callback.failed(e);
        }
    }

    /** Gives the request its headers; returns the body that they are for. */
    private @Nullable AsyncEntityProducer signed(HttpRequest request, @Nullable AsyncEntityProducer entity)
            throws IOException, URISyntaxException {
        hideUsualPort(request);
        if (entity == null) {
            sign(request, NOTHING);
            return null;
        }
        nameContentType(request, entity);
        byte[] body = compressed(request, drained(entity));
        sign(request, body);
        return new BasicAsyncEntityProducer(body, ContentType.parse(entity.getContentType()));
    }

    private void sign(HttpRequest request, byte[] body) throws URISyntaxException {
        Optional<String> contentType = Optional.ofNullable(request.getFirstHeader(HttpHeaders.CONTENT_TYPE))
                .map(Header::getValue);
        signer.sign(new SignableRequest(request.getMethod(), request.getUri(), contentType, body))
                .forEach(request::setHeader);
    }

    /** The client would add the header later, and it would not be signed. */
    private static void nameContentType(HttpRequest request, AsyncEntityProducer entity) {
        if (!request.containsHeader(HttpHeaders.CONTENT_TYPE) && entity.getContentType() != null) {
            request.setHeader(HttpHeaders.CONTENT_TYPE, entity.getContentType());
        }
    }

    /**
     * Otherwise the port would be sent in the header {@code Host}, although it is the usual one. Services sign the name
     * alone, and so refuse such a request.
     */
    private static void hideUsualPort(HttpRequest request) {
        URIAuthority authority = request.getAuthority();
        int usual = URIScheme.HTTPS.same(request.getScheme()) ? 443 : 80;
        if (authority.getPort() == usual) {
            request.setAuthority(new URIAuthority(authority.getHostName()));
        }
    }

    private static byte[] drained(AsyncEntityProducer entity) throws IOException {
        var body = new Body();
        int before;
        do {
            before = body.bytes.size();
            entity.produce(body);
        } while (!body.ended && body.bytes.size() > before);
        entity.releaseResources();
        if (!body.ended) {
            throw new IOException("The body of a request cannot be signed, because it is not complete");
        }
        return body.bytes.toByteArray();
    }

    private static byte[] compressed(HttpRequest request, byte[] body) throws IOException {
        if (body.length < LARGE || request.containsHeader(HttpHeaders.CONTENT_ENCODING)) {
            return body;
        }
        request.setHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        var bytes = new ByteArrayOutputStream(body.length / 4);
        try (var gzip = new QuickGzip(bytes)) {
            gzip.write(body);
        }
        return bytes.toByteArray();
    }

    /** The higher levels take six times as long, for a quarter fewer bytes. */
    private static final class QuickGzip extends GZIPOutputStream {
        QuickGzip(ByteArrayOutputStream bytes) throws IOException {
            super(bytes);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    /** Takes everything at once. */
    private static final class Body implements DataStreamChannel {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean ended;

        @Override
        public void requestOutput() {
            // The whole body is asked for anyway.
        }

        @Override
        public int write(ByteBuffer source) {
            byte[] read = new byte[source.remaining()];
            source.get(read);
            bytes.writeBytes(read);
            return read.length;
        }

        @Override
        public void endStream() {
            ended = true;
        }

        @Override
        public void endStream(@Nullable List<? extends Header> trailers) {
            endStream();
        }
    }
}
