package dev.perennial.local.template;

import java.util.Locale;

/** Physical names and ARNs. On AWS they end in random letters; here they are the same each time. */
final class Names {
    private Names() {}

    static String of(ResourceType type, String logicalId) {
        // S3 allows no capitals in a bucket's name.
        return TemplateReader.STACK
                + "-"
                + (type == ResourceType.BUCKET ? logicalId.toLowerCase(Locale.ROOT) : logicalId);
    }

    static String arn(ResourceType type, String logicalId) {
        return type.arnPrefix() + of(type, logicalId);
    }

    static String queueUrl(String logicalId) {
        return "http://sqs.%s.localhost/%s/%s"
                .formatted(
                        TemplateReader.REGION,
                        TemplateReader.ACCOUNT,
                        of(ResourceType.QUEUE, logicalId));
    }
}
