package io.pgsync.elasticsearch.signing;

/**
 * A hosting service refused a request in the engine's place.
 *
 * @param reason in the words of the service, without secrets
 * @param advice sentences for the operator
 */
public record ServiceRefusal(Subject subject, String reason, String advice) {
    /** What the service takes exception to. */
    public enum Subject {
        /** The signature, or the credentials behind it. */
        SIGNATURE,
        /** The credentials are right, but do not allow the request. */
        RIGHT,
        /** The service offers this operation to nobody. */
        OPERATION
    }
}
