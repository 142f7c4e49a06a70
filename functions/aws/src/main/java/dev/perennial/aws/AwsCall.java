package dev.perennial.aws;

import dev.perennial.core.store.StoreUnavailableException;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Tells passing faults of a service from permanent ones. */
final class AwsCall {
    private static final Set<String> DENIALS = Set.of("AccessDenied", "AccessDeniedException");

    private AwsCall() {}

    /**
     * Makes a call.
     *
     * @param what the operation and its object, for messages
     * @throws StoreUnavailableException if the service didn't answer, failed or throttled
     * @throws StoreRefusedException if it denied the call
     */
    static <T> T of(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (AwsServiceException failed) {
            if (failed.statusCode() >= 500 || failed.isThrottlingException()) {
                throw new StoreUnavailableException(what, failed);
            }
            if (isDenial(failed)) {
                throw new StoreRefusedException(what, failed);
            }
            throw failed;
        } catch (SdkClientException failed) {
            throw new StoreUnavailableException(what, failed);
        }
    }

    /** S3 says so by status; DynamoDB and SQS answer 400 and say so by code. */
    private static boolean isDenial(AwsServiceException failed) {
        AwsErrorDetails details = failed.awsErrorDetails();
        return failed.statusCode() == 403
                || (details != null && DENIALS.contains(String.valueOf(details.errorCode())));
    }
}
