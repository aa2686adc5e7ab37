package io.pgsync.elasticsearch.state;

import static io.pgsync.elasticsearch.Engine.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.lease.Lease;
import io.pgsync.core.lease.LeaseStore.StoredLease;
import io.pgsync.elasticsearch.Engine;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ElasticsearchLeaseStoreIT {
    private final Engine engine = Engine.shared();
    private final ElasticsearchLeaseStore store = new ElasticsearchLeaseStore(engine.connection());
    private final String name = engine.freshIndex() + "@7412345678901234567";
    private final Lease first = Lease.begun(name, "pgsync 1");

    @AfterEach
    void close() {
        store.delete(name).block(PATIENCE);
        engine.close();
    }

    private Optional<StoredLease> load() {
        return store.load(name).block(PATIENCE);
    }

    private StoredLease replace(Optional<StoredLease> expected, Lease next) {
        return store.replace(expected, next).block(PATIENCE);
    }

    @Test
    void isReadAsItWasWritten() {
        assertThat(load()).isEmpty();

        StoredLease taken = replace(Optional.empty(), first);
        assertThat(load()).contains(taken);
        assertThat(taken.lease()).isEqualTo(first);

        StoredLease renewed = replace(Optional.of(taken), first.renewed());
        assertThat(load()).contains(renewed);
        assertThat(renewed.lease().beat()).isEqualTo(1);
    }

    @Test
    void whoIsLateLearnsWhoHasIt() {
        StoredLease taken = replace(Optional.empty(), first);
        StoredLease seconds = replace(Optional.of(taken), Lease.begun(name, "pgsync 2"));

        assertThat(replace(Optional.of(taken), first.renewed())).isEqualTo(seconds);
        assertThat(replace(Optional.empty(), first)).isEqualTo(seconds);
        assertThat(load()).contains(seconds);
    }

    @Test
    void oneThatWasDeletedIsCreatedAnew() {
        StoredLease taken = replace(Optional.empty(), first);
        store.delete(name).block(PATIENCE);

        assertThat(replace(Optional.of(taken), first.renewed()).lease()).isEqualTo(first.renewed());
        assertThat(load()).map(StoredLease::lease).contains(first.renewed());
    }

    @Test
    void deletesItsOwnButNotThatOfASuccessor() {
        StoredLease taken = replace(Optional.empty(), first);
        StoredLease seconds = replace(Optional.of(taken), Lease.begun(name, "pgsync 2"));
        store.delete(taken).block(PATIENCE);
        assertThat(load()).contains(seconds);

        store.delete(seconds).block(PATIENCE);
        assertThat(load()).isEmpty();
        store.delete(seconds).block(PATIENCE);
    }
}
