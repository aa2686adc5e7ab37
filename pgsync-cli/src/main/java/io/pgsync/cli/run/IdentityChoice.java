package io.pgsync.cli.run;

import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.core.change.TableName;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is done about replica identities, and which tables may be without one.
 *
 * @param insertOnly tables on which the user lets UPDATE and DELETE be refused
 */
record IdentityChoice(ReplicaIdentityMode mode, Set<TableName> insertOnly) {
    IdentityChoice {
        insertOnly = Set.copyOf(insertOnly);
    }

    static IdentityChoice of(Settings settings, ReplicaIdentityMode mode) {
        return new IdentityChoice(
                mode,
                settings.list(Setting.PGSYNC_INSERT_ONLY).stream()
                        .map(IdentityChoice::table)
                        .collect(Collectors.toSet()));
    }

    private static TableName table(String text) {
        int dot = text.indexOf('.');
        return dot < 0 ? new TableName("public", text) : new TableName(text.substring(0, dot), text.substring(dot + 1));
    }

    /** Those of {@code tables} that may be without identity before the choice is carried out. */
    Set<TableName> excused(Collection<TableName> tables) {
        return mode == ReplicaIdentityMode.FULL ? Set.copyOf(tables) : insertOnly;
    }
}
