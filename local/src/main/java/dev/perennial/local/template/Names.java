package dev.perennial.local.template;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Physical names and ARNs. On AWS they end in random letters; here they are the same each time. */
final class Names {
    static final String VERSION = "1";

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

    /** What is published is version 1, as nothing here ever publishes a second. */
    static List<String> qualified(String arn, Optional<String> alias) {
        return alias.map(name -> List.of(arn + ":" + VERSION, arn + ":" + name)).orElse(List.of());
    }

    static String queueUrl(String logicalId) {
        return "http://sqs.%s.localhost/%s/%s"
                .formatted(
                        TemplateReader.REGION,
                        TemplateReader.ACCOUNT,
                        of(ResourceType.QUEUE, logicalId));
    }
}
