package io.pgsync.elasticsearch;

import java.io.IOException;

/**
 * Something between us and the engine answered in its place, so the engine gave no answer: the outcome of the request
 * is unknown.
 */
public final class ForeignAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    /** {@code answer}: its status, and what helps to see who gave it. */
    ForeignAnswerException(String answer) {
        super("something else answered in its place: " + answer);
    }
}
