package dev.perennial.core.validation;

import dev.perennial.core.spec.Check;
import dev.perennial.core.spec.ChecksSpec.Level;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks every rule. docs/validation.md says what each finds. */
public final class Validator {
    private static final List<Rule> RULES =
            List.of(
                    new ReadingRule(),
                    new SchemaRule(),
                    new RowCountRule(),
                    new RowChangeRule(),
                    new FreshnessRule(),
                    new GapRule(),
                    new UniquenessRule(),
                    new NullsRule(),
                    new RangeRule(),
                    new CategoryRule(),
                    new ConstantRule(),
                    new CardinalityRule(),
                    new UnseenRule(),
                    new VanishedRule(),
                    new FormatRule(),
                    new LabelRule(),
                    new LabelBalanceRule(),
                    new LeakageRule(),
                    new AfterEventRule(),
                    new TargetInKeyRule(),
                    new SkewRule(),
                    new UnitRule(),
                    new CorrelationRule());

    private static final Map<String, Check> CHECKS =
            Arrays.stream(Check.values())
                    .collect(Collectors.toMap(Check::rule, Function.identity()));

    private Validator() {}

    public static Findings validate(Subject subject) {
        return new Findings(
                RULES.parallelStream() // in their order all the same
                        .flatMap(rule -> rule.check(subject).stream())
                        .flatMap(finding -> weighed(finding, subject))
                        .toList(),
                Optional.empty());
    }

    /** As serious as the spec has it. */
    private static Stream<Finding> weighed(Finding finding, Subject subject) {
        Optional<Level> level =
                Optional.ofNullable(CHECKS.get(finding.rule()))
                        .flatMap(subject.spec().checks()::level);
        if (level.isEmpty()) {
            return Stream.of(finding);
        }
        return switch (level.get()) {
            case IGNORE -> Stream.empty();
            case INFO -> Stream.of(finding.as(Severity.INFO));
            case WARNING -> Stream.of(finding.as(Severity.WARNING));
            case ERROR -> Stream.of(finding.as(Severity.ERROR));
        };
    }
}
