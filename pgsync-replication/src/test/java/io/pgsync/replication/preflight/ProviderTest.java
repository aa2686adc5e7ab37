package io.pgsync.replication.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProviderTest {
    @Test
    void aServiceIsKnownByItsRolesAndHasItsOwnSwitch() {
        assertThat(Provider.of(List.of("rds_superuser", "rdsadmin"))).isEqualTo(Provider.AMAZON_RDS);
        assertThat(Provider.of(List.of("rds_superuser"))).isEqualTo(Provider.ALIBABA_CLOUD_RDS);
        assertThat(Provider.of(List.of("cloudsqlsuperuser")).logicalDecoding()).contains("cloudsql.logical_decoding");
        assertThat(Provider.of(List.of("azure_pg_admin")).replicationRight("\"me\""))
                .contains("\"me\"");
        assertThat(Provider.of(List.of())).isEqualTo(Provider.OWN);
    }
}
