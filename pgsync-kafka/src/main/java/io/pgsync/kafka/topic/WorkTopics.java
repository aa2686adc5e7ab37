package io.pgsync.kafka.topic;

import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The topics of one slot on a cluster: made where they are missing, and examined where they are there. Safe from any thread. */
public final class WorkTopics {
    private static final int TRIES = 8;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Admin admin;
    private final TopicNames names;
    private final int partitions;

    /**
     * The caller closes {@code admin}.
     *
     * @param partitions of each lane: at most as many workers share the work
     */
    public WorkTopics(Admin admin, TopicNames names, int partitions) {
        this.admin = admin;
        this.names = names;
        this.partitions = partitions;
    }

    /**
     * Creates the topics that are missing; another process may do the same at the same time. Fails with STOP, and the list of everything to
     * correct, if one that was there already is not as it must be. Gives the warnings.
     */
    public Mono<List<Finding>> makeOrCheck() {
        return demands()
                .flatMap(demands -> existing()
                        .flatMap(there -> create(demands, there))
                        .then(Mono.defer(() -> examine(demands)))
                        .retryWhen(heardOf()))
                .flatMap(WorkTopics::judged)
                .onErrorMap(failure -> !(failure instanceof SyncException), this::failure);
    }

    /** What must be corrected, and what should be; a topic that is missing is nothing yet. */
    public Mono<List<Finding>> check() {
        return demands()
                .flatMap(demands -> existing()
                        .flatMap(there -> examine(demands.stream()
                                .filter(demand -> there.contains(demand.name()))
                                .toList()))
                        .retryWhen(heardOf()))
                .onErrorMap(failure -> !(failure instanceof SyncException), this::failure);
    }

    /** Deletes those that are there, and what the workers have committed. */
    public Mono<Void> remove() {
        return existing()
                .flatMap(there ->
                        each(admin.deleteTopics(there).topicNameValues()).then())
                .then(Mono.defer(() -> of(() -> admin.deleteConsumerGroups(List.of(names.workers()))
                                .all())
                        .then()
                        .onErrorComplete(GroupIdNotFoundException.class)))
                .onErrorMap(failure -> !(failure instanceof SyncException), this::failure);
    }

    /** Whether they were made already. */
    public Mono<Boolean> isThere() {
        return existing()
                .map(there -> there.contains(names.control()))
                .onErrorMap(failure -> !(failure instanceof SyncException), this::failure);
    }

    /** The identifiers of the topics that are there, by name: one that was deleted and made anew has another. */
    public Mono<Map<String, String>> identifiers() {
        return descriptions()
                .collectMap(TopicDescription::name, topic -> topic.topicId().toString())
                .onErrorMap(failure -> !(failure instanceof SyncException), this::failure);
    }

    /** The same; fails with RETRY unless all of them are there. */
    public Mono<Map<String, String>> allIdentifiers() {
        return identifiers()
                .filter(found -> found.keySet().containsAll(names.all()))
                .switchIfEmpty(Mono.error(() -> new SyncException(
                        Remedy.RETRY, "Kafka does not tell of all topics of slot \"" + names.slot() + "\" yet.")));
    }

    private Mono<List<TopicDemand>> demands() {
        return of(() -> admin.describeCluster().nodes()).map(Collection::size).map(brokers -> {
            Function<String, TopicDemand> lane = name -> TopicDemand.of(name, partitions, false, brokers);
            var demands = new ArrayList<>(names.lanes().stream().map(lane).toList());
            demands.add(TopicDemand.of(names.lookups(), 1, false, brokers));
            demands.add(TopicDemand.of(names.control(), 1, true, brokers));
            return List.copyOf(demands);
        });
    }

    private Mono<Set<String>> existing() {
        return descriptions().map(TopicDescription::name).collect(Collectors.toSet());
    }

    /** Asked for by name: a list would have to be believed until the next answer, and may name what is gone by then. */
    private Flux<TopicDescription> descriptions() {
        return Flux.defer(() -> each(admin.describeTopics(names.all()).topicNameValues()));
    }

    private Mono<Void> create(List<TopicDemand> demands, Set<String> there) {
        var missing = demands.stream()
                .filter(demand -> !there.contains(demand.name()))
                .map(TopicDemand::toCreate)
                .toList();
        return missing.isEmpty()
                ? Mono.empty()
                : of(() -> admin.createTopics(missing).all())
                        .onErrorComplete(TopicExistsException.class)
                        .then();
    }

    private Mono<List<Finding>> examine(List<TopicDemand> demands) {
        List<String> topics = demands.stream().map(TopicDemand::name).toList();
        return Mono.zip(of(() -> admin.describeTopics(topics).allTopicNames()), configs(topics))
                .map(found -> demands.stream()
                        .flatMap(demand -> demand
                                .objections(
                                        Objects.requireNonNull(found.getT1().get(demand.name())),
                                        Objects.requireNonNull(found.getT2().get(resource(demand.name()))))
                                .stream())
                        .toList());
    }

    private Mono<Map<ConfigResource, Config>> configs(List<String> topics) {
        return of(() -> admin.describeConfigs(
                        topics.stream().map(WorkTopics::resource).toList())
                .all());
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static Mono<List<Finding>> judged(List<Finding> findings) {
        String problems = findings.stream()
                .filter(finding -> finding.severity() == Severity.PROBLEM)
                .map(finding -> "\n  " + finding)
                .collect(Collectors.joining());
        return problems.isEmpty()
                ? Mono.just(findings)
                : Mono.error(new SyncException(Remedy.STOP, "Kafka is not ready:" + problems));
    }

    private interface Question<T> {
        KafkaFuture<T> ask();
    }

    private static <T> Mono<T> of(Question<T> question) {
        return Mono.fromCompletionStage(() -> question.ask().toCompletionStage());
    }

    /** The answers of the topics that are there. */
    private static <T> Flux<T> each(Map<String, KafkaFuture<T>> answers) {
        return Flux.fromIterable(answers.values())
                .flatMap(answer -> of(() -> answer).onErrorComplete(UnknownTopicOrPartitionException.class));
    }

    /** A broker hears late of what was made and of what was deleted: what it told a moment ago may be gone. */
    private static Retry heardOf() {
        return Retry.backoff(TRIES, PAUSE)
                .maxBackoff(LONGEST_PAUSE)
                .filter(UnknownTopicOrPartitionException.class::isInstance);
    }

    private SyncException failure(Throwable failure) {
        if (failure instanceof AuthorizationException) {
            return new SyncException(
                    Remedy.STOP,
                    "Kafka refuses the topics of this slot: %s. The user needs Describe, DescribeConfigs, Create, Read, Write and Delete on topics that begin with \"%s\", Read on groups of the same name, and Describe and Write on transactional ids of the same name"
                            .formatted(failure.getMessage(), names.stem()),
                    failure);
        }
        return new SyncException(
                failure instanceof RetriableException ? Remedy.RETRY : Remedy.STOP,
                "Kafka does not tell of the topics of this slot: " + failure.getMessage(),
                failure);
    }
}
