package dev.perennial.local.permission;

import java.util.Map;

/**
 * What somebody wants to do to an AWS resource.
 *
 * @param action such as {@code s3:GetObject}
 * @param resource its ARN
 * @param context the condition keys that the call has, with their values
 */
public record Call(String action, String resource, Map<String, String> context) {
    public Call {
        context = Map.copyOf(context);
    }

    public static Call of(String action, String resource) {
        return new Call(action, resource, Map.of());
    }
}
