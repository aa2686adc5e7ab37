package io.pgsync.torture;

import io.pgsync.torture.client.RandomChanges;
import io.pgsync.torture.client.RandomChanges.Transaction;
import io.pgsync.torture.fault.Fault;
import io.pgsync.torture.tree.Table;
import io.pgsync.torture.world.Switches;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What happens between two quiet points: the transactions of each client, and what goes wrong before which transaction of the first one.
 * The same for the same seed, number and switches; only how the clients' statements interleave is up to the machine.
 */
record History(int number, List<List<Transaction>> clients, Map<Integer, Fault> faults) {
    private static final int MOST_CLIENTS = 4;
    private static final int MOST_FAULTS = 4;
    private static final int LEAST_TRANSACTIONS = 10;
    private static final int MOST_TRANSACTIONS = 60;
    private static final long PRIME = 1_000_003;

    static History random(long seed, int number, List<Table> tables, Switches switches) {
        var random = new Random(seed * PRIME + number);
        var clients = new ArrayList<List<Transaction>>();
        var count = 1 + random.nextInt(MOST_CLIENTS);
        for (int i = 0; i < count; i++) {
            var changes = new RandomChanges(new Random(random.nextLong()), tables);
            clients.add(transactions(changes, random, i == 0));
        }
        return new History(number, clients, faults(random, clients.get(0).size(), Fault.byFrequency(switches)));
    }

    /** Large transactions come from one client, so that there is never more than one at a time. */
    private static List<Transaction> transactions(RandomChanges changes, Random random, boolean first) {
        var transactions = new ArrayList<Transaction>();
        var count = LEAST_TRANSACTIONS + random.nextInt(MOST_TRANSACTIONS - LEAST_TRANSACTIONS);
        var large = first && random.nextInt(5) == 0 ? random.nextInt(count) : -1;
        for (int i = 0; i < count; i++) {
            transactions.add(i == large ? changes.large() : changes.next());
        }
        return transactions;
    }

    private static Map<Integer, Fault> faults(Random random, int transactions, List<Fault> choices) {
        var faults = new TreeMap<Integer, Fault>();
        var count = random.nextInt(MOST_FAULTS + 1);
        for (int i = 0; i < count && !choices.isEmpty(); i++) {
            faults.put(random.nextInt(transactions), choices.get(random.nextInt(choices.size())));
        }
        return faults;
    }
}
