package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

/** What somebody did by hand: two documents are overwritten, one is deleted, and three are added, of which two can have no root. */
final class DamagedDocuments {
    /** What a comparison says of each, by its id. */
    static final Map<String, String> KINDS = Map.of(
            "2",
            "different",
            "3",
            "different",
            "4",
            "missing",
            "999",
            "extra",
            "99999999999",
            "extra",
            "no key",
            "extra");

    private final Shop shop;
    private final String documents;

    private DamagedDocuments(Shop shop) {
        this.shop = shop;
        this.documents = "/" + shop.index() + "/_doc/";
    }

    static DamagedDocuments in(Shop shop) throws Exception {
        var damaged = new DamagedDocuments(shop);
        shop.request("POST", "/" + shop.index() + "/_update/2", "{\"doc\": {\"publisher\": {\"name\": \"damaged\"}}}");
        damaged.overwrite("3", "damaged");
        shop.request("DELETE", damaged.documents + "4", "");
        damaged.overwrite("999", "orphan");
        damaged.overwrite("99999999999", "orphan");
        damaged.overwrite("no%20key", "orphan");
        shop.request("POST", "/" + shop.index() + "/_refresh", "");
        assertThat(shop.document("3")).contains("damaged");
        assertThat(shop.document("4")).isEmpty();
        return damaged;
    }

    private void overwrite(String id, String title) throws Exception {
        shop.request("PUT", documents + id + "?pipeline=_none", "{\"title\": \"" + title + "\"}");
    }

    void assertThatTheyAreRepaired() throws Exception {
        assertThat(shop.document("3")).contains("price");
        assertThat(shop.document("4")).contains("price");
        for (String id : List.of("999", "99999999999", "no%20key")) {
            assertThat(shop.document(id)).as(id).isEmpty();
        }
    }
}
