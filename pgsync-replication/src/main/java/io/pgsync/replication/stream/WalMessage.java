package io.pgsync.replication.stream;

/** The output plugin's message out of one XLogData frame. Owns its bytes, which nobody changes. */
@SuppressWarnings("ArrayRecordComponent") // never compared: it only crosses from the event loop to the decoder
record WalMessage(byte[] payload) {
    private static final int OVERHEAD = 64;

    /** About what it holds of the heap, queue and objects included. */
    int footprint() {
        return payload.length + OVERHEAD;
    }
}
