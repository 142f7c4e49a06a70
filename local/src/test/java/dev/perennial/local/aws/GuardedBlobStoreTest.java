package dev.perennial.local.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.junit.jupiter.api.Test;

class GuardedBlobStoreTest {
    /** What says nothing of any bucket or object. */
    private static final Set<String> HARMLESS =
            Set.of(
                    "close()",
                    "getMinimumMultipartPartSize()",
                    "supportsBucketEncryption()",
                    "supportsServerSideEncryption()",
                    "supportsVersioning()");

    private static Set<String> declared(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> !method.isSynthetic() && !method.getName().equals("delegate"))
                .map(GuardedBlobStoreTest::signature)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String signature(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    /** A call that a new version of the library forwards would pass unasked. */
    @Test
    void everythingThatIsForwarded_isAskedForOrRefused() {
        Set<String> forwarded = declared(ForwardingBlobStore.class);
        forwarded.removeAll(declared(GuardedBlobStore.class));

        assertEquals(HARMLESS, forwarded);
    }
}
