package dev.perennial.local.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.perennial.local.template.FunctionResource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private static final Invocation DONE =
            new Invocation.Returned(new byte[0], new InvocationReport("r", 1, 1, 0, 128, 0));

    private static FunctionResource function(String id, boolean hasUrl) {
        return new FunctionResource(
                id,
                Path.of("x.zip"),
                "h",
                "java25",
                128,
                Duration.ofSeconds(1),
                512,
                Map.of(),
                Optional.empty(),
                false,
                hasUrl);
    }

    @Test
    void caller_doesntWaitBehindATraining() throws Exception {
        Slots slots = new Slots(1);
        CountDownLatch training = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            Future<Invocation> train =
                    threads.submit(() ->
                            slots.take(
                                    function("Train", false),
                                    training::countDown,
                                    "fails",
                                    () -> {
                                        answered.await();
                                        return DONE;
                                    }));
            training.await();

            Future<Invocation> predict =
                    threads.submit(() ->
                            slots.take(function("Predict", true), () -> {}, "fails", () -> DONE));

            assertEquals(DONE, predict.get(10, TimeUnit.SECONDS));
            assertFalse(train.isDone());
        } finally {
            answered.countDown();
            threads.close();
        }
    }
}
