package io.pgsync.replication.pgoutput;

/** The stream broke a rule of the protocol; the decoder adds the position before anybody sees it. */
final class ProtocolViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProtocolViolation(String what) {
        super(what);
    }
}
