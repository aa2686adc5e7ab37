package io.pgsync.torture.proxy;

import java.nio.charset.StandardCharsets;

/** What a proxy, a gateway or a login page says in the place of the engine: HTML, under a status that the engine knows too. */
public enum ForeignAnswer {
    BAD_REQUEST("400 Bad Request"),
    UNAUTHORIZED("401 Unauthorized"),
    FORBIDDEN("403 Forbidden"),
    NOT_FOUND("404 Not Found"),
    BAD_GATEWAY("502 Bad Gateway"),
    FOUND("302 Found");

    private final String status;

    ForeignAnswer(String status) {
        this.status = status;
    }

    /** After this answer the connection ends. */
    byte[] bytes() {
        var page = "<html><head><title>%s</title></head><body><h1>%s</h1><hr>proxy</body></html>"
                .formatted(status, status);
        var location = this == FOUND ? "Location: http://login.invalid/\r\n" : "";
        return "HTTP/1.1 %s\r\nServer: proxy\r\nContent-Type: text/html\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                .formatted(status, location, page.length(), page)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
