package dev.perennial.local.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionsTest {
    private static final String TEMPLATE =
            """
            Parameters:
              Mail: {Type: String, Default: ''}
              Stage: {Type: String, Default: dev}
            Conditions:
              HasMail: !Not [!Equals [!Ref Mail, '']]
              IsProd: {'Fn::Equals': [!Ref Stage, prod]}
              Both: !And [!Condition HasMail, !Condition IsProd]
              Any: !Or [!Condition HasMail, !Condition IsProd]
            Resources:
              Always: {Type: 'AWS::S3::Bucket'}
              Mailed: {Type: 'AWS::S3::Bucket', Condition: HasMail}
              Prod: {Type: 'AWS::S3::Bucket', Condition: IsProd}
              Both1: {Type: 'AWS::S3::Bucket', Condition: Both}
              Any1: {Type: 'AWS::S3::Bucket', Condition: Any}
              Queue:
                Type: AWS::SQS::Queue
                Properties:
                  VisibilityTimeout: !If [IsProd, 300, 30]
                  ReceiveMessageWaitTimeSeconds: !If [HasMail, 7, !Ref AWS::NoValue]
            Outputs:
              Mailed: {Condition: HasMail, Value: !Ref Mailed}
            """;

    @TempDir Path folder;

    private Stack read(String template, Map<String, String> parameters) throws IOException {
        return TemplateReader.read(
                Files.writeString(folder.resolve("template.yaml"), template), parameters);
    }

    @ParameterizedTest
    @CsvSource({
        "'', dev, Always, 30, 0",
        "a@b, dev, Always Mailed Any1, 30, 7",
        "'', prod, Always Prod Any1, 300, 0",
        "a@b, prod, Always Mailed Prod Both1 Any1, 300, 7",
    })
    void whatHolds_isLeft(String mail, String stage, String buckets, int hidden, int wait)
            throws IOException {
        Stack stack = read(TEMPLATE, Map.of("Mail", mail, "Stage", stage));

        assertEquals(
                List.of(buckets.split(" ")),
                stack.buckets().stream().map(BucketResource::logicalId).toList());
        QueueResource queue = stack.events().queues().getFirst();
        assertEquals(hidden, queue.visibilityTimeout().toSeconds());
        assertEquals(wait, queue.receiveWait().toSeconds());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Condition: HasMail}|Condition: Nowhere}|there is no condition Nowhere",
                "!Not [!Equals [!Ref Mail, '']]|!Condition Both|depends on itself",
                "!Not [!Equals [!Ref Mail, '']]|!Sub mail|the condition HasMail as it is written",
                "!If [IsProd, 300, 30]|!If [IsProd, 300]|If takes the name of a condition and two values",
            })
    void whatCannotBeDecided_isSaid(String right, String wrong, String said) {
        UnsupportedTemplateException refused =
                assertThrows(
                        UnsupportedTemplateException.class,
                        () -> read(TEMPLATE.replace(right, wrong), Map.of()));

        assertTrue(refused.getMessage().contains(said), refused.getMessage());
    }
}
