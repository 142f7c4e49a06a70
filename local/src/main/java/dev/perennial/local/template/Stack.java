package dev.perennial.local.template;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a template declares, with every reference resolved.
 *
 * @param notEnforced what has no effect here, with the reason
 */
public record Stack(
        List<Function> functions,
        List<StateMachine> stateMachines,
        List<Table> tables,
        List<String> buckets,
        List<String> topics,
        Map<String, String> outputs,
        List<String> notEnforced) {
    public Stack {
        functions = List.copyOf(functions);
        stateMachines = List.copyOf(stateMachines);
        tables = List.copyOf(tables);
        buckets = List.copyOf(buckets);
        topics = List.copyOf(topics);
        outputs = Map.copyOf(outputs);
        notEnforced = List.copyOf(notEnforced);
    }

    /** A Lambda function; {@code code} is its deployment zip. */
    public record Function(
            String logicalId,
            String arn,
            Path code,
            String handler,
            int memoryMegabytes,
            Duration timeout,
            int ephemeralMegabytes,
            Map<String, String> environment) {
        public Function {
            environment = Map.copyOf(environment);
        }

        public String name() {
            return arn.substring(arn.lastIndexOf(':') + 1);
        }
    }

    public record StateMachine(
            String logicalId, String name, Path definition, Map<String, String> substitutions) {
        public StateMachine {
            substitutions = Map.copyOf(substitutions);
        }
    }

    /** A DynamoDB table whose keys are texts. */
    public record Table(String name, String partitionKey, String sortKey) {}
}
