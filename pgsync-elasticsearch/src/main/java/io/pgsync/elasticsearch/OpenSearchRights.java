package io.pgsync.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.failure.Finding;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/** OpenSearch tells the roles of a user, but not what they allow. */
final class OpenSearchRights implements Rights {
    /** The status with which a node without the Security plugin answers a request about it. */
    private static final int NO_SUCH_REQUEST = 400;

    private static final String NEEDED =
            "cluster_monitor and cluster_composite_ops on the cluster, and indices_all on the index, on all that begin with its"
                    + " name, and on " + ElasticsearchSettings.STATE_INDEX;

    @Override
    public Request question(Collection<String> indexes) {
        return new Request("GET", "/_plugins/_security/api/account");
    }

    /** Hosted engines refuse this question for good; a node that is away answers it later. */
    @Override
    public Optional<Finding> finding(Answer answer) {
        if (answer.isPassing()) {
            return Optional.empty();
        }
        if (answer.status() == NO_SUCH_REQUEST) {
            return Optional.of(Rights.unrestricted());
        }
        String who = answer.isSuccess() ? described(answer.json()) : "not told";
        return Optional.of(
                Finding.fine(SUBJECT, who + "; OpenSearch does not tell what is allowed. Needed: " + NEEDED));
    }

    private static String described(JsonNode account) {
        return "user %s has the roles %s"
                .formatted(
                        account.path("user_name").asText(),
                        account.path("roles")
                                .valueStream()
                                .map(JsonNode::asText)
                                .collect(Collectors.joining(", ")));
    }

    @Override
    public String advice() {
        return "Give the user a role with " + NEEDED + ".";
    }
}
