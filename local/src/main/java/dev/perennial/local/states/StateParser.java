package dev.perennial.local.states;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads one state. */
final class StateParser {
    private static final Set<String> BEFORE = Set.of("input", "context");
    private static final Set<String> WITH_TOKEN =
            Set.of("input", "context", ExpressionScan.TASK_TOKEN);
    private static final Set<String> AFTER = Set.of("input", "context", "result");
    private static final Set<String> CAUGHT = Set.of("input", "context", "errorOutput");
    private static final Pattern VARIABLE =
            Pattern.compile("\\p{javaUnicodeIdentifierStart}\\p{javaUnicodeIdentifierPart}{0,79}");
    private static final int LONGEST_SECONDS = 99_999_999;

    /** AWS has more, but no others that run here. DynamoDB's can't wait for a token. */
    private static final Set<String> CAN_AWAIT_TOKEN =
            Set.of("arn:aws:states:::lambda:invoke", "arn:aws:states:::sns:publish");

    private final FlowParser flows;
    private final Set<String> resources;
    private final FieldReader fields;
    private final Set<String> outerVariables;
    private final Set<String> visibleVariables;

    StateParser(
            FlowParser flows,
            Set<String> resources,
            FieldReader fields,
            Set<String> outerVariables,
            Set<String> visibleVariables) {
        this.flows = flows;
        this.resources = resources;
        this.fields = fields;
        this.outerVariables = outerVariables;
        this.visibleVariables = visibleVariables;
    }

    /** Empty if the state's type is unknown; the problem is noted. */
    Optional<State> parse(String name) {
        fields.text("Comment");
        fields.text("QueryLanguage")
                .filter(language -> !language.equals("JSONata"))
                .ifPresent(language ->
                        fields.problem(
                                "QueryLanguage",
                                "should be \"JSONata\" but is \"" + language + "\""));
        String type = fields.requiredText("Type");
        Optional<State> state =
                switch (type) {
                    case "Pass" -> Optional.of(new State.Pass(name, effects(BEFORE), next()));
                    case "Task" -> Optional.of(task(name));
                    case "Choice" -> Optional.of(choice(name));
                    case "Wait" ->
                            Optional.of(new State.Wait(name, until(), effects(BEFORE), next()));
                    case "Map" -> Optional.of(forEach(name));
                    case "Parallel" -> Optional.of(parallel(name));
                    case "Succeed" -> Optional.of(new State.Succeed(name, outputOnly()));
                    case "Fail" ->
                            Optional.of(new State.Fail(name, template("Error"), template("Cause")));
                    default -> Optional.empty();
                };
        if (state.isPresent()) {
            fields.refuseOthers();
        } else if (!type.isEmpty()) {
            fields.problem("Type", "is \"" + type + "\", which is not a state type");
        }
        return state;
    }

    private State task(String name) {
        String resource = fields.requiredText("Resource");
        boolean awaitsToken = State.Task.awaitsToken(resource);
        String called = State.Task.called(resource);
        if (!resource.isEmpty() && !resources.contains(called)) {
            fields.problem(
                    "Resource",
                    "is \"%s\", which cannot be run here; known are %s"
                            .formatted(resource, resources.stream().sorted().toList()));
        } else if (awaitsToken && !CAN_AWAIT_TOKEN.contains(called)) {
            fields.problem(
                    "Resource",
                    "is \"%s\", which cannot wait for a token; %s can"
                            .formatted(resource, CAN_AWAIT_TOKEN.stream().sorted().toList()));
        }
        Optional<Template> timeout = wholeOrQuery("TimeoutSeconds", 1);
        Optional<Template> heartbeat =
                awaitsToken ? wholeOrQuery("HeartbeatSeconds", 1) : Optional.empty();
        if (heartbeat.isPresent()
                && timeout.isPresent()
                && heartbeat.get() instanceof Template.Literal(JsonNode silence)
                && timeout.get() instanceof Template.Literal(JsonNode whole)
                && silence.asDouble(0) >= whole.asDouble(Double.MAX_VALUE)) {
            fields.problem("HeartbeatSeconds", "should be less than TimeoutSeconds");
        }
        return new State.Task(
                name,
                resource,
                template(fields, "Arguments", awaitsToken ? WITH_TOKEN : BEFORE),
                timeout,
                heartbeat,
                effects(AFTER),
                recovery(),
                next());
    }

    private State choice(String name) {
        List<State.Rule> rules = new ArrayList<>();
        for (FieldReader rule : fields.objects("Choices")) {
            rule.text("Comment");
            Optional<JsonNode> condition = rule.get("Condition");
            if (condition.isEmpty()) {
                rule.problem("Condition", "is missing");
            }
            Template test =
                    TemplateParser.parse(
                            rule, "Condition", condition.orElseGet(Json.NODES::nullNode), BEFORE);
            if (condition.isPresent()
                    && test instanceof Template.Literal
                    && !condition.get().isBoolean()) {
                rule.problem(
                        "Condition", "should be a JSONata expression that gives true or false");
            }
            rules.add(new State.Rule(test, rule.requiredText("Next"), effects(rule, BEFORE)));
            rule.refuseOthers();
        }
        if (rules.isEmpty()) {
            fields.problem("Choices", "should hold at least one rule");
        }
        return new State.Choice(name, rules, fields.text("Default"), effects(BEFORE));
    }

    private State.Until until() {
        Optional<Template> seconds = wholeOrQuery("Seconds", 0);
        Optional<Template> timestamp = template("Timestamp");
        if (seconds.isPresent() == timestamp.isPresent()) {
            fields.problem("Seconds", "or field 'Timestamp' should be given, and not both");
        }
        return timestamp
                .<State.Until>map(State.Until.Timestamp::new)
                .orElseGet(() -> new State.Until.Seconds(seconds.orElseGet(StateParser::nothing)));
    }

    private State forEach(String name) {
        FieldReader processor = fields.nested("ItemProcessor");
        processor.text("Comment");
        FieldReader config = processor.nested("ProcessorConfig");
        config.text("Mode")
                .filter(mode -> !mode.equals("INLINE"))
                .ifPresent(mode -> config.problem("Mode", "should be INLINE but is " + mode));
        config.refuseOthers();
        State.Flow flow = flows.parse(processor, visibleVariables);
        processor.refuseOthers();
        Optional<Template> items = template("Items");
        if (items.isPresent()
                && !(items.get() instanceof Template.Array)
                && !(items.get() instanceof Template.Query)) {
            fields.problem(
                    "Items",
                    "should be an array or a JSONata expression that gives one; this executor does not iterate objects");
        }
        return new State.ForEach(
                name,
                items,
                template("ItemSelector"),
                wholeOrQuery("MaxConcurrency", 0),
                flow,
                effects(AFTER),
                recovery(),
                next());
    }

    private State parallel(String name) {
        List<State.Flow> branches = new ArrayList<>();
        for (FieldReader branch : fields.objects("Branches")) {
            branch.text("Comment");
            branches.add(flows.parse(branch, visibleVariables));
            branch.refuseOthers();
        }
        if (branches.isEmpty()) {
            fields.problem("Branches", "should hold at least one branch");
        }
        return new State.Parallel(
                name, template("Arguments"), branches, effects(AFTER), recovery(), next());
    }

    private Optional<String> next() {
        Optional<String> next = fields.text("Next");
        boolean end = fields.flag("End");
        if (next.isPresent() == end) {
            fields.problem("Next", "or \"End\": true should be given, and not both");
        }
        return next;
    }

    private State.Recovery recovery() {
        List<Retrier> retriers = new ArrayList<>();
        List<FieldReader> entries = fields.objects("Retry");
        for (FieldReader entry : entries) {
            retriers.add(RetrierParser.parse(entry, entry == entries.getLast()));
        }
        List<State.Catcher> catchers = new ArrayList<>();
        List<FieldReader> handlers = fields.objects("Catch");
        for (FieldReader handler : handlers) {
            handler.text("Comment");
            catchers.add(
                    new State.Catcher(
                            RetrierParser.errors(handler, handler == handlers.getLast()),
                            handler.requiredText("Next"),
                            effects(handler, CAUGHT)));
            handler.refuseOthers();
        }
        return new State.Recovery(retriers, catchers);
    }

    private State.Effects effects(Set<String> members) {
        return effects(fields, members);
    }

    private State.Effects effects(FieldReader owner, Set<String> members) {
        Map<String, Template> assign = new LinkedHashMap<>();
        owner.members("Assign")
                .forEach((name, value) -> {
                    checkVariable(owner, name);
                    assign.put(name, TemplateParser.parse(owner, "Assign." + name, value, members));
                });
        return new State.Effects(assign, template(owner, "Output", members));
    }

    private void checkVariable(FieldReader owner, String name) {
        if (!VARIABLE.matcher(name).matches()) {
            owner.problem("Assign." + name, "is not a name that a variable can have");
        } else if (name.equals("states")) {
            owner.problem("Assign." + name, "is reserved");
        } else if (outerVariables.contains(name)) {
            owner.problem(
                    "Assign." + name,
                    "is a variable of an outer scope, which a Map or Parallel can read but not assign");
        }
    }

    private State.Effects outputOnly() {
        return new State.Effects(Map.of(), template("Output"));
    }

    private Optional<Template> template(String field) {
        return template(fields, field, BEFORE);
    }

    private static Optional<Template> template(
            FieldReader owner, String field, Set<String> members) {
        return owner.get(field).map(value -> TemplateParser.parse(owner, field, value, members));
    }

    private Optional<Template> wholeOrQuery(String field, int least) {
        Optional<Template> template = template(field);
        if (template.isPresent() && !(template.get() instanceof Template.Query)) {
            fields.whole(field, least, LONGEST_SECONDS, least);
        }
        return template;
    }

    private static Template nothing() {
        return new Template.Literal(Json.NODES.nullNode());
    }
}
