package dev.perennial.local.template;

/**
 * An S3 bucket.
 *
 * @param announces whether its events go to EventBridge
 */
public record BucketResource(String logicalId, boolean announces) {
    public String name() {
        return Names.of(ResourceType.BUCKET, logicalId);
    }

    public String arn() {
        return Names.arn(ResourceType.BUCKET, logicalId);
    }
}
