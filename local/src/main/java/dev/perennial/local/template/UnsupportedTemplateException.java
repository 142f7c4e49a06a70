package dev.perennial.local.template;

import java.util.List;

/**
 * Thrown when a template is wrong or says something that the local cloud doesn't do. Names
 * everything of that kind at once, each as {@code file:line: what}.
 */
public final class UnsupportedTemplateException extends RuntimeException {
    private final List<String> problems;

    UnsupportedTemplateException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
