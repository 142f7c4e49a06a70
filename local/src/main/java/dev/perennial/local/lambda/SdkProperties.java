package dev.perennial.local.lambda;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * AWS's SDK reads its environment variables as system properties too, and those first. They can be
 * set in a JVM that runs, and are put back afterwards.
 */
final class SdkProperties implements AutoCloseable {
    /**
     * Each client's builder names the property of its endpoint, with the service's own spelling.
     */
    private static final Map<String, String> PROPERTIES =
            Map.ofEntries(
                    Map.entry("AWS_ACCESS_KEY_ID", "aws.accessKeyId"),
                    Map.entry("AWS_SECRET_ACCESS_KEY", "aws.secretAccessKey"),
                    Map.entry("AWS_REGION", "aws.region"),
                    Map.entry("AWS_ENDPOINT_URL_S3", "aws.endpointUrlS3"),
                    Map.entry("AWS_ENDPOINT_URL_DYNAMODB", "aws.endpointUrlDynamoDb"),
                    Map.entry("AWS_ENDPOINT_URL_SQS", "aws.endpointUrlSqs"),
                    Map.entry("AWS_ENDPOINT_URL_SFN", "aws.endpointUrlSfn"),
                    Map.entry("AWS_ENDPOINT_URL_EVENTBRIDGE", "aws.endpointUrlEventBridge"),
                    Map.entry("AWS_ENDPOINT_URL_CLOUDWATCH", "aws.endpointUrlCloudWatch"));

    private final Map<String, @Nullable String> before = new HashMap<>();

    /**
     * Sets them.
     *
     * @throws IllegalArgumentException for a variable whose property isn't known
     */
    void set(Map<String, String> variables) {
        variables.forEach((variable, value) -> {
            String property = PROPERTIES.get(variable);
            if (property == null) {
                throw new IllegalArgumentException(
                        "%s has no system property here; add the one that its SDK client reads"
                                .formatted(variable));
            }
            String old = System.setProperty(property, value);
            if (!before.containsKey(property)) {
                before.put(property, old);
            }
        });
    }

    @Override
    public void close() {
        before.forEach((property, value) -> {
            if (value == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, value);
            }
        });
    }
}
