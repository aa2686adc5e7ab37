package io.pgsync.cli.command;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version in the jar's manifest. */
final class ProductVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Optional.ofNullable(ProductVersion.class.getPackage().getImplementationVersion())
                .orElse("development");
        return new String[] {"Version: " + version};
    }
}
