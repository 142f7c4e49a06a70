package dev.perennial.local.permission;

import java.util.regex.Pattern;

/**
 * A text with IAM's wildcards: {@code *} is any number of characters, {@code ?} is one.
 *
 * @param text as the policy has it
 */
record Wildcards(String text, Pattern pattern) {
    /** Parts of an ARN before its resource: a wildcard doesn't reach from one into the next. */
    private static final int ARN_PARTS = 6;

    private static final String ARN = "arn:";

    static Wildcards of(String text) {
        return new Wildcards(text, Pattern.compile(expression(text, "."), Pattern.DOTALL));
    }

    /** Of an action: its case doesn't matter. */
    static Wildcards ofAction(String text) {
        return new Wildcards(
                text, Pattern.compile(expression(text, "."), Pattern.CASE_INSENSITIVE));
    }

    /** Of a resource: an ARN, or {@code *} for all. */
    static Wildcards ofResource(String text) {
        if (!text.startsWith(ARN)) {
            return of(text);
        }
        String[] parts = text.split(":", ARN_PARTS);
        StringBuilder expression = new StringBuilder();
        for (int i = 0; i < parts.length; i++) {
            boolean resource = i == ARN_PARTS - 1;
            expression
                    .append(i == 0 ? "" : ":")
                    .append(expression(parts[i], resource ? "." : "[^:]"));
        }
        return new Wildcards(text, Pattern.compile(expression.toString(), Pattern.DOTALL));
    }

    private static String expression(String text, String any) {
        StringBuilder expression = new StringBuilder();
        text.codePoints()
                .forEach(each -> {
                    switch (each) {
                        case '*' -> expression.append(any).append('*');
                        case '?' -> expression.append(any);
                        default -> expression.append(Pattern.quote(Character.toString(each)));
                    }
                });
        return expression.toString();
    }

    boolean matches(String value) {
        return pattern.matcher(value).matches();
    }
}
