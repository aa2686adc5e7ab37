package io.pgsync.cli.run;

/** What makes an index miss changes; and how it comes about. */
enum Gap {
    SLOT_MISSING,
    SLOT_AHEAD,
    SLOT_REPLACED,
    PUBLICATION_MISSING,
    STATE_MISSING,
    STATE_DAMAGED,
    INDEX_MISSING,
    INDEX_REPLACED;

    void make(Shop shop) throws Exception {
        String slot = " FROM pg_replication_slots WHERE database = current_database()";
        switch (this) {
            case SLOT_MISSING -> shop.execute("SELECT pg_drop_replication_slot(slot_name)" + slot);
            case SLOT_AHEAD ->
                shop.execute("SELECT pg_replication_slot_advance(slot_name, pg_current_wal_lsn())" + slot);
            case SLOT_REPLACED -> {
                SLOT_MISSING.make(shop);
                shop.execute("SELECT pg_create_logical_replication_slot('" + shop.slot() + "', 'pgoutput')");
            }
            case PUBLICATION_MISSING ->
                shop.execute("DROP PUBLICATION \""
                        + shop.list("SELECT pubname FROM pg_publication").get(0) + "\"");
            case STATE_MISSING -> shop.request("DELETE", "/pgsync_state/_doc/" + shop.index(), "");
            case STATE_DAMAGED ->
                shop.request(
                        "POST",
                        "/pgsync_state/_update/" + shop.index(),
                        "{\"doc\": {\"stored\": \"FFFFFFFF/A50DB7D8\"}}");
            case INDEX_MISSING -> shop.request("DELETE", "/" + shop.index(), "");
            case INDEX_REPLACED -> {
                shop.request("DELETE", "/" + shop.index(), "");
                shop.request("PUT", "/" + shop.index(), "{}");
            }
        }
    }
}
