package io.pgsync.elasticsearch.signing;

/** The signers for one hosting service. The command line finds them with {@link java.util.ServiceLoader}. */
public interface RequestSigners {
    /** For engines in that region of the service. */
    RequestSigner forRegion(String region);
}
