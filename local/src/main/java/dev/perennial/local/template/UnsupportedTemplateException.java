package dev.perennial.local.template;

import java.util.List;

/**
 * Thrown when a template says something that the local cloud doesn't do; names everything of that
 * kind at once.
 */
public final class UnsupportedTemplateException extends RuntimeException {
    public UnsupportedTemplateException(List<String> problems) {
        super(String.join("\n", problems));
    }
}
