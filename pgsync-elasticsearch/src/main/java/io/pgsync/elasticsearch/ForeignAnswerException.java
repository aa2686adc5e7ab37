package io.pgsync.elasticsearch;

import java.io.IOException;

/** Something between us and the engine answered in its place, so the engine did not: what became of the request is unknown. */
public final class ForeignAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    /** {@code answer}: its status, and what shows who gave it. */
    ForeignAnswerException(String answer) {
        super("something else answered in its place: " + answer);
    }
}
