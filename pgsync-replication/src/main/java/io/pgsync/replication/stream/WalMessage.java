package io.pgsync.replication.stream;

/** The output plugin's message from one XLogData frame. Owns its bytes, which nobody changes. */
@SuppressWarnings("ArrayRecordComponent") // never compared: it only crosses from the event loop to the decoder
record WalMessage(byte[] payload) {
    private static final int OVERHEAD = 64;

    /** Its approximate share of the heap, including queue and objects. */
    int footprint() {
        return payload.length + OVERHEAD;
    }
}
