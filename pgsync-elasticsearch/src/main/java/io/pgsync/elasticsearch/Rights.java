package io.pgsync.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import io.pgsync.core.failure.Finding;
import java.util.Collection;
import java.util.Optional;

/** The rights of one kind of engine, and how to ask which of them we have. */
interface Rights {
    /** A subject of findings. */
    String SUBJECT = "rights";

    Request question(Collection<String> indexes);

    /** Empty if the engine did not answer the question. */
    Optional<Finding> finding(Answer answer);

    /** A sentence for the operator with the rights that a user needs. */
    String advice();

    static Finding unrestricted() {
        return Finding.fine(SUBJECT, "not restricted");
    }
}
