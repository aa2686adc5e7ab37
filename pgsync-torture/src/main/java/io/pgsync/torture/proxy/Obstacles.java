package io.pgsync.torture.proxy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** What stands in the way of packets just now; each {@link Passage} looks before it lets one go on. Safe from any thread. */
public final class Obstacles {
    private static final Duration STALL = Duration.ofMillis(700);

    private final AtomicInteger answersToLose = new AtomicInteger();
    private final AtomicInteger answersToCut = new AtomicInteger();
    private final AtomicInteger foreignAnswers = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile Optional<String> refusedText = Optional.empty();
    private volatile Optional<ForeignAnswer> foreign = Optional.empty();
    private volatile long stalledUntil = System.nanoTime();
    private volatile boolean holdsBulk;

    /** Nothing passes for a while, in either direction; then everything goes on. */
    public void stall() {
        stalledUntil = System.nanoTime() + STALL.toNanos();
    }

    boolean isStalled() {
        return System.nanoTime() < stalledUntil;
    }

    /** Lets the server work on the next {@code count} bulk requests, and cuts their connections when it answers. */
    public void loseAnswers(int count) {
        answersToLose.set(count);
    }

    boolean takeLoss() {
        return take(answersToLose);
    }

    /** The next {@code count} answers arrive by half. */
    public void cutAnswers(int count) {
        answersToCut.set(count);
    }

    boolean takeCut() {
        return take(answersToCut);
    }

    /** Bulk requests that begin from now on do not reach the server, until this is called again with false. */
    public void holdBulk(boolean hold) {
        holdsBulk = hold;
    }

    boolean holdsBulk() {
        return holdsBulk;
    }

    /** From now on every request is answered on the way, until {@link #stopAnswering}. */
    public void answer(ForeignAnswer answer) {
        foreignAnswers.set(0);
        foreign = Optional.of(answer);
    }

    public void stopAnswering() {
        foreign = Optional.empty();
    }

    /** So many requests since {@link #answer}. */
    public int answered() {
        return foreignAnswers.get();
    }

    /** The answer to give in the server's place. */
    Optional<ForeignAnswer> foreignAnswer() {
        var answer = foreign;
        if (answer.isPresent()) {
            foreignAnswers.incrementAndGet();
        }
        return answer;
    }

    /** Requests with this text do not arrive: their connections are held until {@link #refuseNothing}, and then end. */
    public void refuse(String text) {
        refused.set(0);
        refusedText = Optional.of(text);
    }

    /** So many times since then. */
    public int refused() {
        return refused.get();
    }

    public void refuseNothing() {
        refusedText = Optional.empty();
    }

    boolean isRefusing() {
        return refusedText.isPresent();
    }

    boolean refuses(byte[] buffer, int length) {
        var text = refusedText;
        var found = text.isPresent() && new String(buffer, 0, length, StandardCharsets.UTF_8).contains(text.get());
        if (found) {
            refused.incrementAndGet();
        }
        return found;
    }

    /** No more faults than have already happened. */
    public void heal() {
        holdsBulk = false;
        answersToLose.set(0);
        answersToCut.set(0);
        stopAnswering();
        refuseNothing();
        stalledUntil = System.nanoTime();
    }

    private static boolean take(AtomicInteger count) {
        return count.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }
}
