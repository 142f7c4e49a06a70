package dev.perennial.local.template;

/** An SNS topic. */
public record TopicResource(String logicalId) {
    public String name() {
        return Names.of(ResourceType.TOPIC, logicalId);
    }

    public String arn() {
        return Names.arn(ResourceType.TOPIC, logicalId);
    }
}
