package io.pgsync.elasticsearch;

import java.io.IOException;

/**
 * Something between us and the engine answered in its place, so the engine gave no answer: the outcome of the request
 * is unknown.
 */
public final class ForeignAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean login;

    ForeignAnswerException(Answer answer) {
        super("something else answered in its place: " + answer.described());
        this.login = answer.status() == 401;
    }

    /** What the operator should look at. An engine that is told to hide itself refuses a login in words of no engine. */
    String advice() {
        String way = "ook at what is on the way to it: a proxy, an ingress, a login page.";
        return login ? "Check the search engine's user and password, and l" + way : "L" + way;
    }
}
