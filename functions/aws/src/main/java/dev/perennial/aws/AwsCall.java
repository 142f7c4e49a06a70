package dev.perennial.aws;

import dev.perennial.core.store.StoreUnavailableException;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Tells passing faults of a service from permanent ones. */
final class AwsCall {
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
            if (failed.statusCode() == 403) {
                throw new StoreRefusedException(what, failed);
            }
            throw failed;
        } catch (SdkClientException failed) {
            throw new StoreUnavailableException(what, failed);
        }
    }
}
