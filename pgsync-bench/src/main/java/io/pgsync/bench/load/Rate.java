package io.pgsync.bench.load;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/** Documents that went through in a time. */
record Rate(int documents, Duration time) {
    /** Work that says how many documents it did. */
    interface Work {
        int run() throws IOException, SQLException;
    }

    static Rate of(Work work) throws IOException, SQLException {
        long start = System.nanoTime();
        int documents = work.run();
        return new Rate(documents, Duration.ofNanos(System.nanoTime() - start));
    }

    double perSecond() {
        return documents * 1e9 / time.toNanos();
    }
}
