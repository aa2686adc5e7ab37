package io.pgsync.cli.command;

import io.pgsync.cli.console.Logging;
import io.pgsync.cli.console.Terminal;
import io.pgsync.cli.demo.Demo;
import io.pgsync.cli.demo.DemoEngine;
import io.pgsync.embedded.elasticsearch.EngineFamily;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pgsync demo}: a tour on real servers, which are started for it and removed at its end. */
@Command(
        name = "demo",
        description = "Starts PostgreSQL and a search engine with a small book shop and shows changes arrive.",
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--once", description = "End after the tour; fails when a document is wrong.")
    private boolean once;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description = "The search engine: elasticsearch (the default) or opensearch.")
    private EngineFamily engine = EngineFamily.ELASTICSEARCH;

    @Option(
            names = "--engine-version",
            paramLabel = "VERSION",
            description = "Its version; Elasticsearch 9 and OpenSearch 3 need Java 21 or newer.")
    private Optional<String> version = Optional.empty();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        Logging.configure(
                common.terminal(),
                common.isVerbose() ? "DEBUG" : "WARN",
                "DEBUG",
                List.of(),
                new Logging.Form(false, common.isVerbose()));
        return new Demo(Terminal.standardOutput(), common.terminal(), new DemoEngine(engine, version))
                .run(once)
                .code();
    }
}
