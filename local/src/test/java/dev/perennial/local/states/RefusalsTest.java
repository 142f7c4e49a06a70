package dev.perennial.local.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalsTest {
    private static List<String> problems(String definition) {
        return assertThrows(
                        UnsupportedDefinitionException.class,
                        () -> StateMachineDefinition.parse(definition, Machines.RESOURCES))
                .problems();
    }

    private static List<String> problemsOf(String states) {
        return problems(Machines.machine(states));
    }

    /** Column 1: the states; column 2: a part of the one problem there is. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"S\":{\"Type\":\"Pass\",\"Result\":1,\"End\":true}|State 'S': field 'Result' is not supported",
                "\"S\":{\"Type\":\"Pass\"}|State 'S': field 'Next' or \"End\"",
                "\"S\":{\"Type\":\"Pass\",\"Next\":\"X\"}|State 'S': there is no state 'X'",
                "\"S\":{\"Type\":\"Pass\",\"End\":true},\"L\":{\"Type\":\"Pass\",\"Next\":\"L\"}|State 'L' cannot be reached from 'S'",
                "\"S\":{\"Type\":\"Sleep\",\"End\":true}|State 'S': field 'Type' is \"Sleep\"",
                "\"S\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::sqs:sendMessage\",\"End\":true}|field 'Resource' is \"arn:aws:states:::sqs:sendMessage\"",
                "\"S\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::lambda:invoke\",\"HeartbeatSeconds\":5,\"End\":true}|field 'HeartbeatSeconds' is not supported",
                "\"S\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::lambda:invoke.waitForTaskToken\",\"HeartbeatSeconds\":9,\"TimeoutSeconds\":9,\"End\":true}|field 'HeartbeatSeconds' should be less than TimeoutSeconds",
                "\"S\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::dynamodb:updateItem.waitForTaskToken\",\"End\":true}|field 'Resource' is \"arn:aws:states:::dynamodb:updateItem.waitForTaskToken\", which cannot wait for a token",
                "\"S\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::lambda:invoke\",\"Arguments\":\"{% $states.context.Task.Token %}\",\"End\":true}|$states.context.Task has a value only in",
                "\"S\":{\"Type\":\"Pass\",\"Output\":\"{% $states . context.Task.Token %}\",\"End\":true}|$states.context.Task has a value only in",
                "\"S\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::lambda:invoke.waitForTaskToken\",\"Output\":\"{% $states.context.Task.Token %}\",\"End\":true}|$states.context.Task has a value only in",
                "\"S\":{\"Type\":\"Succeed\",\"Assign\":{\"a\":1}}|State 'S': field 'Assign' is not supported",
                "\"S\":{\"Type\":\"Fail\",\"Output\":1}|State 'S': field 'Output' is not supported",
                "\"S\":{\"Type\":\"Pass\",\"Output\":\"{% ( %}\",\"End\":true}|State 'S': field 'Output' is not JSONata",
                "\"S\":{\"Type\":\"Pass\",\"Output\":\"{% $eval('1') %}\",\"End\":true}|$eval is not available",
                "\"S\":{\"Type\":\"Pass\",\"Output\":\"{% 1 ~> $nix %}\",\"End\":true}|no function $nix",
                "\"S\":{\"Type\":\"Pass\",\"Assign\":{\"states\":1},\"End\":true}|field 'Assign.states' is reserved",
                "\"S\":{\"Type\":\"Pass\",\"Assign\":{\"a-b\":1},\"End\":true}|'Assign.a-b' is not a name",
                "\"S\":{\"Type\":\"Pass\",\"QueryLanguage\":\"JSONPath\",\"End\":true}|State 'S': field 'QueryLanguage'",
                "\"S\":{\"Type\":\"Wait\",\"End\":true}|field 'Seconds' or field 'Timestamp'",
                "\"S\":{\"Type\":\"Wait\",\"Seconds\":-1,\"End\":true}|field 'Seconds' should be a whole number",
                "\"S\":{\"Type\":\"Map\",\"Items\":{},\"End\":true,\"ItemProcessor\":{\"StartAt\":\"I\",\"States\":{\"I\":{\"Type\":\"Succeed\"}}}}|field 'Items' should be an array",
                "\"S\":{\"Type\":\"Choice\",\"Choices\":[]}|field 'Choices' should hold at least one rule",
                "\"S\":{\"Type\":\"Choice\",\"Choices\":[{\"Condition\":\"{% true %}\",\"Next\":\"Gone\"}]}|no state 'Gone'",
            })
    void definition_isRefused_namingStateAndField(String states, String part) {
        List<String> problems = problemsOf(states);

        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.getFirst().contains(part), problems::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"Retry\":[{\"ErrorEquals\":[\"States.ALL\",\"X\"]}]|field 'Retry[0]': field 'ErrorEquals' may hold States.ALL only alone",
                "\"Retry\":[{\"ErrorEquals\":[\"States.ALL\"]},{\"ErrorEquals\":[\"X\"]}]|field 'Retry[0]': field 'ErrorEquals'",
                "\"Retry\":[{\"ErrorEquals\":[\"X\"],\"BackoffRate\":0.5}]|field 'BackoffRate' should be a number of at least 1",
                "\"Retry\":[{\"ErrorEquals\":[\"X\"],\"JitterStrategy\":\"HALF\"}]|field 'JitterStrategy'",
                "\"Retry\":[{\"ErrorEquals\":[\"X\"],\"Delay\":1}]|field 'Delay' is not supported",
                "\"Catch\":[{\"ErrorEquals\":[\"X\"],\"Next\":\"S\",\"ResultPath\":\"$\"}]|field 'Catch[0]': field 'ResultPath'",
                "\"Catch\":[{\"ErrorEquals\":[],\"Next\":\"S\"}]|field 'ErrorEquals' should name at least one",
                "\"Arguments\":\"{% $states.result %}\"|$states.result has no value here",
                "\"Output\":\"{% $states.errorOutput %}\"|$states.errorOutput has no value here",
                "\"TimeoutSeconds\":0|field 'TimeoutSeconds' should be a whole number from 1",
            })
    void task_isRefused_namingTheField(String field, String part) {
        List<String> problems =
                problemsOf(
                        "\"S\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::lambda:invoke\",\"End\":true,"
                                + field
                                + "}");

        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.getFirst().contains(part), problems::toString);
    }

    @Test
    void map_distributedOrTolerant_isRefusedByName() {
        List<String> problems =
                problemsOf(
                        """
                        "A": {"Type":"Pass","Assign":{"v":1},"Next":"M"},
                        "M": {"Type":"Map","End":true,"ToleratedFailurePercentage":5,"ItemReader":{},"Label":"x",
                              "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},"StartAt":"I","States":{
                                "I":{"Type":"Pass","Assign":{"v":2},"End":true}}}}
                        """);

        assertEquals(5, problems.size(), problems::toString);
        String all = problems.toString();
        for (String part :
                List.of(
                        "ToleratedFailurePercentage",
                        "ItemReader",
                        "Label",
                        "Mode",
                        "variable of an outer scope")) {
            assertTrue(all.contains(part), all);
        }
    }

    @Test
    void everyProblem_isListedAtOnce() {
        List<String> problems =
                problemsOf(
                        """
                        "S": {"Type":"Pass","Parameters":{},"Next":"T"},
                        "T": {"Type":"Task","Resource":"arn:nope","Next":"U"}
                        """);

        assertEquals(3, problems.size(), problems::toString);
    }

    @Test
    void jsonPath_isRefusedByName() {
        assertTrue(
                problems("{\"StartAt\":\"S\",\"States\":{}}").getFirst().contains("no JSONPath"));
    }

    @Test
    void whatIsNotJson_isRefused() {
        assertTrue(problems("{\"a\":1,\"a\":2}").getFirst().contains("not JSON"));
        assertTrue(problems("[").getFirst().contains("not JSON"));
        assertTrue(problems("[]").toString().contains("should be an object"));
    }

    @Test
    void literalsInExpressions_areNotTakenForCode() {
        StateMachineDefinition.parse(
                Machines.machine(
                        """
                        "S": {"Type":"Pass","End":true,
                              "Output":"{% /* $nope( */ $replace('$gone(1) $$ $eval(', /[\\"'$]+/, 'x') & `$odd(` %}"}
                        """),
                Machines.RESOURCES);
    }
}
