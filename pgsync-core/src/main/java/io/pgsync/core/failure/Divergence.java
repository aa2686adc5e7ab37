package io.pgsync.core.failure;

/**
 * One way in which an index differs, or may differ, from its tables. This is the single noun for that: the code that
 * finds one names its kind, and {@code status}, {@code doctor}, {@code /health/ready}, {@code /metrics}, the log and
 * the exit code show that name.
 *
 * @param what the place (node, table, object of the catalog) and what happened to it; a part of a sentence, without a
 *     full stop
 */
public record Divergence(Kind kind, String index, String what) {
    /** What happens to the index until a person has done what the kind calls for. */
    public enum Effect {
        /** The stream goes on with it: documents written from now on are right, those written before may not be. */
        FOLLOWED,
        /** Nothing more is written to it; the other indexes are followed. */
        SET_ASIDE,
        /** The process ends. */
        ENDS
    }

    /** The kinds, graver ones first. Their words are part of the interface and never change their meaning. */
    public enum Kind {
        /** Changes are missing, and nobody can supply them. */
        GAP("gap", Effect.ENDS, ""),
        /** The name belongs to another index than the one that was loaded, or to none. */
        INDEX_REPLACED("index-replaced", Effect.ENDS, ""),
        /** It holds versions of other writers that are greater than all of ours, so our writes are not accepted. */
        SUPERSEDED("superseded", Effect.ENDS, ""),
        /** The tables no longer fit the document. */
        SCHEMA_DRIFT("schema-drift", Effect.SET_ASIDE, "correct the table or the schema file"),
        /** Changes of a table, or some of them, are not published. */
        UNPUBLISHED(
                "unpublished", Effect.SET_ASIDE, "have the publication carry every row and every change of the table"),
        /** The role does not see every row (row-level security). */
        ROWS_HIDDEN("rows-hidden", Effect.SET_ASIDE, "let the role see every row (ALTER ROLE … BYPASSRLS)"),
        /** The role may not read a table, or what a view of it reads. */
        UNREADABLE(
                "unreadable",
                Effect.SET_ASIDE,
                "let the role read it (GRANT SELECT, USAGE on its schema; a materialized view is refreshed by its owner alone)"),
        /** The index cannot be searched for the keys of rows, so documents that hold a row are not found. */
        UNSEARCHABLE("unsearchable", Effect.SET_ASIDE, "delete the index where its mapping cannot be changed"),
        /** Most of its documents are refused, or too many to be remembered. */
        MOSTLY_REFUSED(
                "mostly-refused",
                Effect.SET_ASIDE,
                "correct the mapping or the rows (\"pgsync refused list\" has the reasons; delete the index where its mapping cannot be changed)"),
        /**
         * A table left the publication and came back, or the way it is published changed: changes in between are
         * missing.
         */
        PUBLICATION_CHANGED("publication-changed", Effect.FOLLOWED, ""),
        /** Partitions with rows were attached or detached; the log does not have these rows. */
        PARTITIONS_CHANGED("partitions-changed", Effect.FOLLOWED, ""),
        /** A type, view or function in the document was redefined: documents written before show the old one. */
        DEFINITION_CHANGED("definition-changed", Effect.FOLLOWED, ""),
        /** Rows came whose keys are not valid text, so nobody can tell to which documents they belong. */
        ROWS_UNREADABLE("rows-unreadable", Effect.FOLLOWED, "correct the texts that are not UTF-8"),
        /** The engine refused everything that a load sent. */
        LOAD_REFUSED(
                "load-refused",
                Effect.FOLLOWED,
                "correct the mapping or the rows (the dead letter file has the reasons)");

        private final String word;
        private final Effect effect;
        private final String correction;

        Kind(String word, Effect effect, String correction) {
            this.word = word;
            this.effect = effect;
            this.correction = correction;
        }

        /** Its name, the same everywhere. */
        public String word() {
            return word;
        }

        /** What happens to the index meanwhile. */
        public Effect effect() {
            return effect;
        }

        /** What a person must do, as a clause. {@code repair}: the command that loads the index again. */
        public String remedy(String repair) {
            return effect == Effect.SET_ASIDE
                    ? correction
                            + ", stop pgsync, run \"pgsync bootstrap\", which has the index loaded again, and start pgsync"
                    : correction + (correction.isEmpty() ? "" : ", then ") + "repair it with: " + repair;
        }

        /** Whether the stream goes on with the index. */
        public boolean isFollowed() {
            return effect == Effect.FOLLOWED;
        }

        /** STOP if something must be corrected first, REPAIR if another load is enough. */
        public Remedy callsFor() {
            return correction.isEmpty() ? Remedy.REPAIR : Remedy.STOP;
        }
    }

    @Override
    public String toString() {
        return "index \"%s\" (%s): %s".formatted(index, kind.word(), what);
    }
}
