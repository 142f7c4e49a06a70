package dev.perennial.aws;

import dev.perennial.core.store.StoreUnavailableException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Tells passing faults of a service from permanent ones. */
final class AwsCall {
    private static final int MAX_ATTEMPTS = 3;
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
        for (int attempt = 1; ; attempt++) {
            try {
                return once(what, call);
            } catch (UncheckedIOException broken) {
                // A connection that the server had closed meanwhile. The SDK tries the like again,
                // but not this one of its url-connection client.
                if (attempt == MAX_ATTEMPTS) {
                    throw new StoreUnavailableException(what, broken);
                }
            }
        }
    }

    private static <T> T once(String what, Supplier<T> call) {
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
