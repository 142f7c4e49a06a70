package dev.perennial.local.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateReaderTest {
    private static final String FUNCTION =
            """
            Resources:
              F:
                Type: AWS::Serverless::Function
                Properties:
                  Runtime: java25
                  Handler: a.B::c
                  CodeUri: f.zip
            """;

    @TempDir Path folder;

    private Stack read(String template, Map<String, String> parameters) throws IOException {
        return TemplateReader.read(
                Files.writeString(folder.resolve("template.yaml"), template), parameters);
    }

    private List<String> refused(String template) {
        return refused(template, Map.of());
    }

    /** Problems without the folder's name: {@code line: what}. */
    private List<String> refused(String template, Map<String, String> parameters) {
        return assertThrows(UnsupportedTemplateException.class, () -> read(template, parameters))
                .problems()
                .stream()
                .map(each -> each.replace(folder.resolve("template.yaml") + ":", ""))
                .toList();
    }

    @Test
    void shippedTemplate_isReadWhole() {
        Path template = Path.of("..", "template.yaml").toAbsolutePath().normalize();

        Stack stack = TemplateReader.read(template, Map.of());

        assertEquals(
                List.of(
                        "RetrieveFunction",
                        "ValidateFunction",
                        "PrepareFunction",
                        "TrainFunction",
                        "EvaluateFunction",
                        "RefitFunction",
                        "ProbeFunction",
                        "RegisterFunction",
                        "PromoteFunction",
                        "ConcludeFunction",
                        "AskFunction",
                        "PredictFunction",
                        "FeedbackFunction",
                        "CaptureFunction",
                        "IngestFunction",
                        "MonitorFunction",
                        "TriggerFunction"),
                stack.functions().stream().map(FunctionResource::logicalId).toList());
        FunctionResource train = stack.functions().get(3);
        assertEquals(
                template.resolveSibling("functions/train/target/train-linux-x86_64.zip"),
                train.codeUri());
        assertEquals(3008, train.memoryMegabytes());
        assertEquals(Duration.ofSeconds(900), train.timeout());
        // Two from the globals, resolved, and its own.
        assertEquals("perennial-bucket", train.environment().get("BUCKET"));
        assertEquals("perennial-Table", train.environment().get("TABLE"));
        assertEquals("dev.perennial.train.TrainFunction", train.environment().get("MAIN_CLASS"));
        assertEquals(2048, stack.functions().getFirst().ephemeralMegabytes());
        assertEquals(List.of(new BucketResource("Bucket", true)), stack.buckets());
        assertEquals(
                List.of(new TableResource.Key("pk", "HASH"), new TableResource.Key("sk", "RANGE")),
                stack.tables().getFirst().keys());
        Map<String, String> substitutions = stack.stateMachines().getFirst().substitutions();
        assertEquals("electricity", substitutions.get("Pipeline"));
        assertEquals(
                "arn:aws:lambda:us-east-1:000000000000:function:perennial-TrainFunction:1",
                substitutions.get("TrainFunctionArn"));
        assertEquals(
                "arn:aws:sns:us-east-1:000000000000:perennial-Topic",
                substitutions.get("TopicArn"));
        assertEquals(
                List.of("arn:aws:s3:::perennial-bucket/runs/*/train/*"),
                stack.policies().get("TrainFunction").get(1).resources());
        assertTrue(
                stack.notEnforced()
                        .containsAll(
                                List.of(
                                        "EvaluateFunction.EphemeralStorage: functions share this machine's temporary folder, as large as its disk")));
    }

    @Test
    void published_isReferredToByVersionAndAlias() throws IOException {
        Stack stack =
                read(
                        """
                        Globals: {Function: {Runtime: java25, Handler: a.B::c, CodeUri: f.zip, AutoPublishAlias: live}}
                        Resources:
                          F:
                            Type: AWS::Serverless::Function
                            Properties:
                              Environment: {Variables: {MACHINE: !Ref MAliaslive, VERSION: !Ref MVersion, PLAIN: !Ref M}}
                          G:
                            Type: AWS::Serverless::Function
                            Properties: {AutoPublishAlias: next}
                          M:
                            Type: AWS::Serverless::StateMachine
                            Properties:
                              DefinitionUri: m.json
                              AutoPublishAlias: live
                              DeploymentPreference: {Type: ALL_AT_ONCE}
                              DefinitionSubstitutions: {F: !Ref F.Version, G: !Ref G.Alias, H: !Sub "${G.Arn}:next"}
                        """,
                        Map.of());

        String lambda = "arn:aws:lambda:us-east-1:000000000000:function:perennial-";
        String machine = "arn:aws:states:us-east-1:000000000000:stateMachine:perennial-M";
        assertEquals(
                Map.of("F", lambda + "F:1", "G", lambda + "G:next", "H", lambda + "G:next"),
                stack.stateMachines().getFirst().substitutions());
        assertEquals(
                Map.of("MACHINE", machine + ":live", "VERSION", machine + ":1", "PLAIN", machine),
                stack.functions().getFirst().environment());
        assertEquals(
                List.of(lambda + "G:1", lambda + "G:next"),
                stack.functions().getLast().qualifiedArns());
        assertEquals(
                List.of("8: 'F.Version' is neither a parameter nor a resource of this template"),
                refused(FUNCTION + "Outputs: {V: {Value: !Ref F.Version}}"));
    }

    @Test
    void everythingUnsupported_isNamedAtOnce_withItsLine() {
        List<String> problems =
                refused(
                        """
                        Mappings: {}
                        Resources:
                          Stream:
                            Type: AWS::Kinesis::Stream
                          Bucket:
                            Type: AWS::S3::Bucket
                            CreationPolicy: {}
                            Properties:
                              WebsiteConfiguration: {}
                          Function:
                            Type: AWS::Serverless::Function
                            Properties:
                              Runtime: python3.13
                              Handler: a.B
                              CodeUri: src/
                              Timeout: 901
                              EphemeralStorage: {Size: 512, Kind: fast}
                              Environment:
                                Variables:
                                  ONE: !Select [0, 1, 2]
                                  TWO: !Ref Nothing
                                  AWS_REGION: eu-west-1
                                  Z: of one letter
                        """);

        assertEquals(
                List.of(
                        "1: the local cloud does not support the section Mappings",
                        "4: the local cloud does not support the resource type AWS::Kinesis::Stream of Stream",
                        "7: the local cloud does not support the attribute CreationPolicy of Bucket",
                        "9: the local cloud does not support the property WebsiteConfiguration of Bucket (AWS::S3::Bucket)",
                        "13: the local cloud does not support the runtime python3.13 of Function; it runs java25",
                        "15: the local cloud does not support Function.CodeUri 'src/'; it should be a deployment zip",
                        "16: Function.Timeout is '901', expected a whole number from 1 to 900",
                        "17: the local cloud does not support the property Function.EphemeralStorage.Kind",
                        "20: the local cloud does not support the intrinsic Fn::Select",
                        "21: 'Nothing' is neither a parameter nor a resource of this template",
                        "22: Function.Environment sets AWS_REGION, a name that Lambda refuses",
                        "23: Function.Environment sets Z, a name that Lambda refuses"),
                problems);
    }

    @Test
    void propertiesOfGlobals_areCheckedToo() {
        assertEquals(
                List.of(
                        "2: the local cloud does not support Globals for Api",
                        "3: the local cloud does not support the property Layers of Globals.Function (AWS::Serverless::Function)"),
                refused("Globals:\n  Api: {}\n  Function: {Layers: [x]}\n" + FUNCTION));
    }

    @Test
    void intrinsics_inShortAndLongForm_giveTheSame() throws IOException {
        Stack stack =
                read(
                        "Parameters:\n  Stage: {Type: String, Default: test}\n"
                                + FUNCTION
                                + """
                                      Environment:
                                        Variables:
                                          A1: !Sub 'x-${Stage}-${T}-${T.TopicName}-${!kept}-${AWS::Region}'
                                          A2: {"Fn::Sub": 'x-${Stage}-${T}-${T.TopicName}-${!kept}-${AWS::Region}'}
                                          B1: !GetAtt F.Arn
                                          B2: {"Fn::GetAtt": [F, Arn]}
                                          C1: !Join ['/', [a, !Ref Stage]]
                                          C2: {"Fn::Join": ['/', [a, {Ref: Stage}]]}
                                          D1: !Sub ['${own}${Stage}', {own: !Ref B}]
                                          E1: !Ref AWS::AccountId
                                          EMPTY: ''
                                  T: {Type: AWS::SNS::Topic}
                                  B: {Type: AWS::S3::Bucket}
                                """,
                        Map.of("Stage", "prod"));

        Map<String, String> found = stack.functions().getFirst().environment();
        String topic = "arn:aws:sns:us-east-1:000000000000:perennial-T";
        assertEquals("x-prod-%s-perennial-T-${kept}-us-east-1".formatted(topic), found.get("A1"));
        assertEquals(found.get("A1"), found.get("A2"));
        assertEquals("arn:aws:lambda:us-east-1:000000000000:function:perennial-F", found.get("B1"));
        assertEquals(found.get("B1"), found.get("B2"));
        assertEquals("a/prod", found.get("C1"));
        assertEquals("a/prod", found.get("C2"));
        assertEquals("perennial-bprod", found.get("D1"));
        assertEquals("000000000000", found.get("E1"));
        assertEquals("", found.get("EMPTY"));
    }

    @Test
    void resourceTypesWithoutEffect_areListedWithTheReason() throws IOException {
        Stack stack = read(FUNCTION + "  Board: {Type: AWS::CloudWatch::Dashboard}\n", Map.of());

        assertEquals(
                List.of(
                        "Board (AWS::CloudWatch::Dashboard): metrics are kept here, but nothing draws them"),
                stack.notEnforced());
    }

    @Test
    void ruleOfExecutions_hasNoEffect_andAnyOtherIsRefused() throws IOException {
        String rule =
                """
                Resources:
                  Rule:
                    Type: AWS::Events::Rule
                    Properties:
                      EventPattern: {source: [%s]}
                """;

        assertEquals(
                List.of(
                        "Rule (AWS::Events::Rule): how an execution ended is not announced on the event bus here; it is in its history and its record"),
                read(rule.formatted("aws.states"), Map.of()).notEnforced());
        assertTrue(
                refused(rule.formatted("aws.s3"))
                        .getFirst()
                        .contains("Rule, an AWS::Events::Rule of other events"));
        assertTrue(
                refused(rule.formatted("aws.states, shop"))
                        .getFirst()
                        .contains("Rule, an AWS::Events::Rule of other events"));
    }

    @Test
    void urlOfAllFunctions_isRefused() {
        assertEquals(
                List.of(
                        "2: the local cloud does not support the property FunctionUrlConfig of Globals.Function"),
                refused(
                        """
                        Globals: {Function: {
                          FunctionUrlConfig: {AuthType: NONE}}}
                        """
                                + FUNCTION));
    }

    @Test
    void unknownIntrinsic_inAPropertyWithoutEffect_isRefused() {
        assertEquals(
                List.of("8: the local cloud does not support the intrinsic Fn::ImportValue"),
                refused(FUNCTION + "      Tags: {x: !ImportValue y}\n"));
    }

    @Test
    void parameters_areHeldToWhatTheTemplateAllows() {
        String template =
                """
                Parameters:
                  A: {Type: String, AllowedPattern: '[a-z]+', Default: x}
                  B: {Type: Number}
                  C: {Type: String, AllowedValues: [p, q], Default: p}
                """
                        + FUNCTION;

        assertEquals(
                List.of(
                        "2: parameter A is 'X;rm', which should match [a-z]+",
                        "3: parameter B needs a value: it has no Default",
                        "4: parameter C is 'r', expected one of [p, q]",
                        "2: the template has no parameter Z"),
                refused(template, Map.of("A", "X;rm", "C", "r", "Z", "1")));
    }

    @Test
    void keyTwice_andMissingValue_areNamed() {
        assertEquals(
                List.of("8: F.Properties says CodeUri twice"),
                refused(FUNCTION + "      CodeUri: g.zip\n"));
        assertEquals(
                List.of("7: F.Handler is missing"),
                refused(FUNCTION.replace("      Handler: a.B::c\n", "")).stream()
                        .map(each -> each.replaceFirst("^\\d+", "7"))
                        .toList());
    }

    @Test
    void brokenYaml_andAnEmptyFile_areNamedWithTheirLine() {
        assertTrue(
                refused("Resources:\n  F: {Type: [\n")
                        .getFirst()
                        .matches("\\d+: this is not YAML.*"));
        assertEquals(List.of("1: the template is empty"), refused(""));
    }

    @Test
    void tableWhoseAttributesDontFitItsKeys_isRefused() {
        assertEquals(
                List.of("5: T should define exactly the attributes of its keys [pk]"),
                refused(
                        """
                        Resources:
                          T:
                            Type: AWS::DynamoDB::Table
                            Properties:
                              KeySchema: [{AttributeName: pk, KeyType: HASH}]
                              AttributeDefinitions: [{AttributeName: other, AttributeType: S}]
                        """));
    }
}
