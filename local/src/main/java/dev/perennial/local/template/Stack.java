package dev.perennial.local.template;

import dev.perennial.local.permission.Permissions;
import dev.perennial.local.permission.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a template declares, as far as the local cloud runs it, with every reference resolved.
 *
 * @param policies what the policies of each function and state machine say, by logical id
 * @param notEnforced one sentence for each thing that is accepted and has no effect here
 */
public record Stack(
        List<FunctionResource> functions,
        List<StateMachineResource> stateMachines,
        List<TableResource> tables,
        List<BucketResource> buckets,
        List<TopicResource> topics,
        EventResources events,
        Map<String, List<Statement>> policies,
        List<String> notEnforced) {
    public Stack {
        functions = List.copyOf(functions);
        stateMachines = List.copyOf(stateMachines);
        tables = List.copyOf(tables);
        buckets = List.copyOf(buckets);
        topics = List.copyOf(topics);
        policies = Map.copyOf(policies);
        notEnforced = List.copyOf(notEnforced);
    }

    /**
     * A table of the template.
     *
     * @throws IllegalArgumentException if there is none
     */
    public TableResource table(String logicalId) {
        return tables.stream()
                .filter(table -> table.logicalId().equals(logicalId))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("the template has no table " + logicalId));
    }

    /** Those who act in a role of their own. */
    public List<Permissions.Member> members() {
        return Stream.concat(
                        functions.stream()
                                .map(each ->
                                        new Permissions.Member(
                                                each.logicalId(),
                                                each.name(),
                                                policies.getOrDefault(
                                                        each.logicalId(), List.of()))),
                        stateMachines.stream()
                                .map(each ->
                                        new Permissions.Member(
                                                each.logicalId(),
                                                each.name(),
                                                policies.getOrDefault(
                                                        each.logicalId(), List.of()))))
                .toList();
    }

    /** A stack that does nothing by itself. */
    public Stack(
            List<FunctionResource> functions,
            List<StateMachineResource> stateMachines,
            List<TableResource> tables,
            List<BucketResource> buckets,
            List<TopicResource> topics,
            List<String> notEnforced) {
        this(
                functions,
                stateMachines,
                tables,
                buckets,
                topics,
                EventResources.NONE,
                Map.of(),
                notEnforced);
    }
}
