package io.pgsync.embedded.elasticsearch;

import io.pgsync.embedded.LoopbackPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What one node must know about itself and the others to find them.
 *
 * @param transportPort the port for the other nodes; the same through all stops and starts
 * @param names the names of all nodes, its own included
 * @param addresses the addresses of all nodes, its own included
 */
record ClusterMember(String name, int transportPort, List<String> names, List<String> addresses) {

    static List<ClusterMember> several(int count) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        IntStream.rangeClosed(1, count).forEach(number -> ports.put("node-" + number, unusedPort(ports)));
        var names = List.copyOf(ports.keySet());
        var addresses = ports.values().stream()
                .map(port -> EmbeddedEngine.HOST + ":" + port)
                .toList();
        var members = new ArrayList<ClusterMember>(count);
        ports.forEach((name, port) -> members.add(new ClusterMember(name, port, names, addresses)));
        return members;
    }

    private static int unusedPort(Map<String, Integer> taken) {
        return IntStream.generate(LoopbackPort::free)
                .filter(port -> !taken.containsValue(port))
                .findFirst()
                .orElseThrow();
    }
}
