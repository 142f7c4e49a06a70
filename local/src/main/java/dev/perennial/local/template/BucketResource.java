package dev.perennial.local.template;

/** An S3 bucket. */
public record BucketResource(String logicalId) {
    public String name() {
        return Names.of(ResourceType.BUCKET, logicalId);
    }

    public String arn() {
        return Names.arn(ResourceType.BUCKET, logicalId);
    }
}
