package io.pgsync.elasticsearch.signing;

import java.net.URI;
import java.util.Optional;

/**
 * A request as it will be sent.
 *
 * @param uri with the host as it stands in the header {@code Host}: without a port if it is the usual one of the scheme
 * @param contentType empty if the request has no such header
 * @param body empty if there is none; not copied, do not modify
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and a copy of every body would be for nothing
public record SignableRequest(String method, URI uri, Optional<String> contentType, byte[] body) {}
