package io.pgsync.cli.run;

import java.util.concurrent.Executor;

/** For work that blocks until the test ends: on two processors Java 25 gives the common pool one thread, and a second task would wait. */
final class OwnThread implements Executor {
    static final OwnThread EACH = new OwnThread();

    private OwnThread() {}

    @Override
    public void execute(Runnable task) {
        var thread = new Thread(task, "test");
        thread.setDaemon(true);
        thread.start();
    }
}
