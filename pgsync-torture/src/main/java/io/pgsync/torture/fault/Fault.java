package io.pgsync.torture.fault;

import io.pgsync.torture.proxy.ForeignAnswer;
import io.pgsync.torture.server.Broker;
import io.pgsync.torture.server.ReadReplica;
import io.pgsync.torture.world.Switches;
import io.pgsync.torture.world.Trouble;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** What goes wrong while clients are busy. */
public enum Fault implements Trouble {
    KILL_DAEMON(always(site -> site.daemon().killAndStart())),
    RESTART_DAEMON(always(site -> site.daemon().stopAndStart())),
    FREEZE_DAEMON(site -> site.daemon().freezeAndReplace(), Fault.RARE),
    TERMINATE_WALSENDER(always(site -> site.execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots"
            + " WHERE database = current_database() AND active"))),
    TERMINATE_BACKENDS(always(site -> site.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND application_name LIKE 'pgsync%'"))),
    CUT_POSTGRES(always(site -> site.postgres().cut())),
    CUT_ELASTICSEARCH(always(site -> site.elasticsearch().cut())),
    STALL_POSTGRES(always(site -> site.postgres().obstacles().stall())),
    STALL_ELASTICSEARCH(always(site -> site.elasticsearch().obstacles().stall())),
    SILENCE_ELASTICSEARCH(always(site -> site.elasticsearch().silence())),
    LOSE_ANSWERS(always(site -> site.elasticsearch().obstacles().loseAnswers(3))),
    CUT_ANSWERS(always(site -> site.elasticsearch().obstacles().cutAnswers(3))),
    HTML_400(foreign(ForeignAnswer.BAD_REQUEST), Fault.SELDOM),
    HTML_401(foreign(ForeignAnswer.UNAUTHORIZED), Fault.SELDOM),
    HTML_403(foreign(ForeignAnswer.FORBIDDEN), Fault.SELDOM),
    HTML_404(foreign(ForeignAnswer.NOT_FOUND), Fault.SELDOM),
    HTML_502(foreign(ForeignAnswer.BAD_GATEWAY), Fault.SELDOM),
    REDIRECT(foreign(ForeignAnswer.FOUND), Fault.SELDOM),
    RESTART_POSTGRES(always(site -> site.servers().restartPostgres()), Fault.SELDOM),
    CRASH_POSTGRES(always(site -> site.servers().crashPostgres()), Fault.SELDOM),
    CRASH_ELASTICSEARCH(always(site -> site.servers().engine().crash()), Fault.RARE),
    HOLD_WRITES(always(site -> site.unstored().heldUp())),
    /** A write that could not be made before the engine forgot the delete behind it. */
    LATE_WRITE(site -> site.lateWrite().outlivesItsDelete(), Fault.RARE),
    /** Of an engine of several nodes; where there is one alone, nothing happens. */
    LOSE_PRIMARY(site -> site.servers().losePrimary(site.prefix()), Fault.OFTEN),
    FAIL_OVER(always(Site::failOver), Fault.RARE),
    /** To a standby that kept the slots in step; where the slots are none for that, nothing happens. */
    PROMOTE(Site::promote, Fault.SELDOM),
    HOLD_REPLAY(site -> site.onReplica(ReadReplica::holdOrRelease)),
    CRASH_REPLICA(site -> site.onReplica(ReadReplica::crash), Fault.SELDOM),
    /** The replica becomes a server of its own, in which all tables are emptied. */
    PROMOTE_REPLICA(site -> site.onReplica(replica -> replica.promote(site.database())), Fault.RARE),
    /** Where work waits in Kafka. */
    CRASH_BROKER(site -> site.onBroker(Broker::crash), Fault.SELDOM),
    FREEZE_BROKER(site -> site.onBroker(Broker::freezeOrGoOn), Fault.SELDOM),
    /** One order after the other, each beside everything that goes on. */
    REINDEX(site -> site.errands().reindexing().goOn()),
    /** What somebody did to the index by hand is found and mended. */
    VERIFY(site -> site.errands().verifying().goOn()),
    /** Documents that a mapping did not take are tried again when it does. */
    REFUSED_RETRY(site -> site.errands().retrying().goOn()),
    ADD_PARTITION(site -> site.partitions().add(), Fault.OFTEN),
    DETACH_PARTITION(site -> site.partitions().detach(), Fault.SELDOM),
    ATTACH_PARTITION(site -> site.partitions().attach(), Fault.SELDOM);

    private static final int OFTEN = 12;
    /** What takes seconds. */
    private static final int SELDOM = 4;
    /** What takes half a minute. */
    private static final int RARE = 1;

    @SuppressWarnings("ImmutableEnumChecker") // a strike holds nothing
    private final Strike strike;

    private final int frequency;

    Fault(Strike strike) {
        this(strike, Fault.OFTEN);
    }

    Fault(Strike strike, int frequency) {
        this.strike = strike;
        this.frequency = frequency;
    }

    /** Each as often as its frequency says; empty if none is on. */
    public static List<Fault> byFrequency(Switches switches) {
        return Stream.of(values())
                .filter(switches::isOn)
                .flatMap(fault -> Collections.nCopies(fault.frequency, fault).stream())
                .toList();
    }

    /** False where there is nothing that it could strike. */
    public boolean strike(Site site) throws IOException, SQLException {
        return strike.on(site);
    }

    private interface Strike {
        boolean on(Site site) throws IOException, SQLException;
    }

    private interface SureStrike {
        void on(Site site) throws IOException, SQLException;
    }

    private static Strike always(SureStrike strike) {
        return site -> {
            strike.on(site);
            return true;
        };
    }

    /** For some seconds; false if no request came by. */
    private static Strike foreign(ForeignAnswer answer) {
        return site -> site.unstored().answeredByAnother(answer);
    }
}
