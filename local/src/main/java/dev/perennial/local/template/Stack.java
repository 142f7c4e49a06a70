package dev.perennial.local.template;

import java.util.List;

/**
 * What a template declares, as far as the local cloud runs it, with every reference resolved.
 *
 * @param notEnforced one sentence for each thing that is accepted and has no effect here
 */
public record Stack(
        List<FunctionResource> functions,
        List<StateMachineResource> stateMachines,
        List<TableResource> tables,
        List<BucketResource> buckets,
        List<TopicResource> topics,
        EventResources events,
        List<String> notEnforced) {
    public Stack {
        functions = List.copyOf(functions);
        stateMachines = List.copyOf(stateMachines);
        tables = List.copyOf(tables);
        buckets = List.copyOf(buckets);
        topics = List.copyOf(topics);
        notEnforced = List.copyOf(notEnforced);
    }

    /** A stack that does nothing by itself. */
    public Stack(
            List<FunctionResource> functions,
            List<StateMachineResource> stateMachines,
            List<TableResource> tables,
            List<BucketResource> buckets,
            List<TopicResource> topics,
            List<String> notEnforced) {
        this(functions, stateMachines, tables, buckets, topics, EventResources.NONE, notEnforced);
    }
}
