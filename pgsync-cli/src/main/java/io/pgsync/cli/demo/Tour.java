package io.pgsync.cli.demo;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.cli.console.Terminal;
import io.pgsync.cli.console.Terminal.Style;
import io.pgsync.cli.demo.ShopChanges.Arrival;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Changes the shop step by step and shows what arrives; every document is compared with what plain queries say it must be. */
final class Tour {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SHOWN_BOOK = 4;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Terminal out;
    private final Bookshop shop;
    private final IndexedDocuments documents;
    private final ShopChanges changes;
    private final List<Integer> wrong = new ArrayList<>();

    Tour(Terminal out, Bookshop shop, IndexedDocuments documents) {
        this.out = out;
        this.shop = shop;
        this.documents = documents;
        this.changes = new ShopChanges(shop, documents);
    }

    /** True if every document was right at every step. */
    boolean run() {
        showDocument();
        TourStep.ALL.forEach(this::take);
        compareAll();
        return wrong.isEmpty();
    }

    private void showDocument() {
        heading("A document: one row of book, with what belongs to it");
        out.line("  " + out.styled(Style.DIM, "GET " + documents.address(SHOWN_BOOK)));
        String text = documents.find(SHOWN_BOOK).map(ObjectNode::toPrettyString).orElse("not found");
        text.lines().forEach(line -> out.line("  " + line));
    }

    private void take(TourStep step) {
        heading(step.title());
        step.statements().lines().forEach(line -> out.line("  " + line));
        Arrival arrival = changes.make(step.statements(), PATIENCE);
        report(arrival);
        arrival.changed().forEach(id -> out.line("  " + cut(difference(id, arrival.before(), arrival.after()))));
    }

    private void report(Arrival arrival) {
        int changed = arrival.changed().size();
        String documentsChanged = changed == 1 ? "1 document" : changed + " documents";
        if (arrival.missing().isEmpty()) {
            String text = "%s readable %d ms after the commit"
                    .formatted(documentsChanged, arrival.taken().toMillis());
            out.line("  " + out.styled(Style.GREEN, text));
        } else {
            wrong.addAll(arrival.missing());
            out.line("  "
                    + out.styled(Style.RED, "still wrong after " + PATIENCE.toSeconds() + " s: " + arrival.missing()));
        }
    }

    /** The changed fields of a document in one line. */
    private static String difference(int id, ExpectedDocuments before, ExpectedDocuments after) {
        Optional<ObjectNode> old = Optional.ofNullable(before.byId().get(id));
        Optional<ObjectNode> now = Optional.ofNullable(after.byId().get(id));
        String name = Bookshop.INDEX + "/" + id;
        if (now.isEmpty()) {
            return name + "  removed";
        }
        ObjectNode changed = JSON.createObjectNode();
        now.get().properties().stream()
                .filter(field ->
                        old.isEmpty() || !field.getValue().equals(old.get().get(field.getKey())))
                .forEach(field -> changed.set(field.getKey(), field.getValue()));
        return name + "  " + changed;
    }

    private void compareAll() {
        ExpectedDocuments expected = ExpectedDocuments.of(shop);
        List<Integer> ids = List.copyOf(expected.byId().keySet());
        wrong.addAll(documents.awaitEqual(ids, expected.byId(), PATIENCE));
        boolean complete = wrong.isEmpty() && documents.count() == ids.size();
        out.line("");
        if (complete) {
            out.line(out.styled(Style.GREEN, "All " + ids.size() + " documents equal what plain SELECTs say."));
        } else {
            wrong.add(0);
            out.line(out.styled(Style.RED, "The index differs from what plain SELECTs say: " + wrong));
        }
    }

    private void heading(String text) {
        out.line("");
        out.line(out.styled(Style.BOLD, text));
    }

    private String cut(String line) {
        int room = out.width() - 2;
        return line.length() <= room ? line : line.substring(0, room - 3) + "...";
    }
}
