package dev.perennial.aws;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.store.StoreUnavailableException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class AwsCallTest {
    @Test
    void denial_isRefusal_whicheverStatusTheServiceGives() {
        RuntimeException byCode = failing(dynamoDb(400, "AccessDeniedException"));
        RuntimeException byStatus = failing(S3Exception.builder().statusCode(403).build());

        assertTrue(byCode instanceof StoreRefusedException, byCode::toString);
        assertTrue(byStatus instanceof StoreRefusedException, byStatus::toString);
    }

    @Test
    void throttling_passes() {
        RuntimeException failure = failing(dynamoDb(400, "ThrottlingException"));

        assertTrue(failure instanceof StoreUnavailableException, failure::toString);
    }

    @Test
    void anyOtherAnswer_isTheCallersToJudge() {
        AwsServiceException conflict = dynamoDb(400, "ConditionalCheckFailedException");

        assertSame(conflict, failing(conflict));
        AwsServiceException bare = DynamoDbException.builder().statusCode(400).build();
        assertSame(bare, failing(bare));
    }

    private static AwsServiceException dynamoDb(int status, String code) {
        return DynamoDbException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }

    private static RuntimeException failing(AwsServiceException failure) {
        return assertThrows(
                RuntimeException.class,
                () ->
                        AwsCall.of(
                                "writing an item",
                                () -> {
                                    throw failure;
                                }));
    }
}
