package dev.perennial.local.states;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an expression's text for what must be refused before it runs: functions nobody provides,
 * {@code $eval} and {@code $$}, and members of {@code $states} that do not exist where the
 * expression stands.
 */
final class ExpressionScan {
    /** The member of {@code $states} that only the Arguments of some tasks have. */
    static final String TASK_TOKEN = "context.Task";

    /** JSONata 2.0.6, and what Step Functions adds. */
    private static final Set<String> FUNCTIONS =
            Set.of(
                    ("abs append assert average base64decode base64encode boolean ceil clone contains count"
                                    + " decodeUrl decodeUrlComponent distinct each encodeUrl encodeUrlComponent error"
                                    + " exists filter floor formatBase formatInteger formatNumber fromMillis hash join"
                                    + " keys length lookup lowercase map match max merge millis min not now number pad"
                                    + " parse parseInteger partition power random range reduce replace reverse round"
                                    + " shuffle sift single sort split spread sqrt string substring substringAfter"
                                    + " substringBefore sum toMillis trim type uppercase uuid zip")
                            .split(" "));

    private static final Pattern NAME = Pattern.compile("\\$([\\p{L}_][\\p{L}\\p{N}_]*)");
    private static final Pattern BOUND =
            Pattern.compile(
                    "\\$([\\p{L}_][\\p{L}\\p{N}_]*)\\s*:=|[@#]\\s*\\$([\\p{L}_][\\p{L}\\p{N}_]*)");
    private static final Pattern PARAMETERS = Pattern.compile("(?:\\bfunction|λ)\\s*\\(([^)]*)\\)");
    private static final Pattern STATES_MEMBER =
            Pattern.compile("\\$states\\s*\\.\\s*([\\p{L}_][\\p{L}\\p{N}_]*)");
    private static final Pattern TASK =
            Pattern.compile("\\$states\\s*\\.\\s*context\\s*\\.\\s*Task(?![\\p{L}\\p{N}_])");
    private static final Pattern ROOT = Pattern.compile("\\$\\$");

    private ExpressionScan() {}

    /**
     * Says what is wrong, one phrase each.
     *
     * @param members of {@code $states} that have a value in this field
     */
    static List<String> problems(String source, Set<String> members) {
        String code = withoutLiterals(source);
        List<String> problems = new ArrayList<>();
        if (ROOT.matcher(code).find()) {
            problems.add("$$ has no meaning in Step Functions; use $states.input");
        }
        Set<String> bound = bound(code);
        Set<String> unknown = new TreeSet<>();
        Matcher names = NAME.matcher(code);
        while (names.find()) {
            String name = names.group(1);
            if (name.equals("eval")) {
                unknown.add("$eval is not available in Step Functions; use $parse");
            } else if (isCalled(code, names)
                    && !FUNCTIONS.contains(name)
                    && !bound.contains(name)) {
                unknown.add("there is no function $" + name);
            }
        }
        problems.addAll(unknown);
        Matcher member = STATES_MEMBER.matcher(code);
        while (member.find()) {
            if (!members.contains(member.group(1))) {
                problems.add("$states." + member.group(1) + " has no value here");
            }
        }
        if (!members.contains(TASK_TOKEN) && TASK.matcher(code).find()) {
            problems.add(
                    "$states.context.Task has a value only in the Arguments of a task whose Resource ends in .waitForTaskToken");
        }
        return problems;
    }

    private static boolean isCalled(String code, Matcher name) {
        return code.substring(name.end()).stripLeading().startsWith("(")
                || code.substring(0, name.start()).stripTrailing().endsWith("~>");
    }

    private static Set<String> bound(String code) {
        Set<String> names = new HashSet<>();
        Matcher binding = BOUND.matcher(code);
        while (binding.find()) {
            names.add(binding.group(1) == null ? binding.group(2) : binding.group(1));
        }
        Matcher parameters = PARAMETERS.matcher(code);
        while (parameters.find()) {
            Matcher name = NAME.matcher(parameters.group(1));
            while (name.find()) {
                names.add(name.group(1));
            }
        }
        return names;
    }

    /** Blanks strings, quoted names, comments and regular expressions, which may hold anything. */
    private static String withoutLiterals(String source) {
        StringBuilder code = new StringBuilder(source);
        char before = '(';
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            int end = i;
            if (c == '"' || c == '\'' || c == '`') {
                end = closing(source, i, c);
            } else if (c == '/' && source.startsWith("/*", i)) {
                int close = source.indexOf("*/", i + 2);
                end = close < 0 ? source.length() - 1 : close + 1;
            } else if (c == '/' && "(,[{:=&|<>!?+-*;~".indexOf(before) >= 0) {
                end = closing(source, i, '/');
            }
            for (int blank = i; end > i && blank <= end; blank++) {
                code.setCharAt(blank, '_');
            }
            i = end;
            if (!Character.isWhitespace(c)) {
                before = end > i ? '_' : c;
            }
        }
        return code.toString();
    }

    private static int closing(String source, int open, char quote) {
        for (int i = open + 1; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == quote) {
                return i;
            }
        }
        return source.length() - 1;
    }
}
