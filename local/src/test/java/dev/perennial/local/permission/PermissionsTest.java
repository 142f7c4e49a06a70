package dev.perennial.local.permission;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.local.permission.Statement.Condition;
import dev.perennial.local.permission.Statement.Effect;
import dev.perennial.local.permission.Statement.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a policy allows is as IAM's reference has it. */
class PermissionsTest {
    private static final String BUCKET = "arn:aws:s3:::b";
    private final Credentials owner = Credentials.random();
    private final List<Permissions.Use> uses = new ArrayList<>();

    private Permissions of(Statement... statements) {
        return new Permissions(
                "000000000000",
                "perennial",
                owner,
                List.of(new Permissions.Member("F", "perennial-F", List.of(statements))),
                uses::add);
    }

    private static Statement allow(String action, String resource, Condition... conditions) {
        return new Statement(
                "t.yaml:1", Effect.ALLOW, List.of(action), List.of(resource), List.of(conditions));
    }

    private static boolean allows(Permissions permissions, Call call) {
        try {
            permissions.check(permissions.credentials("F").accessKey(), call);
            return true;
        } catch (AccessDeniedException denied) {
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "s3:GetObject, arn:aws:s3:::b/runs/*, s3:GetObject, arn:aws:s3:::b/runs/1/a, true",
        "s3:getobject, arn:aws:s3:::b/runs/*, s3:GetObject, arn:aws:s3:::b/runs/1/a, true",
        "s3:Get*, arn:aws:s3:::b/*, s3:GetObject, arn:aws:s3:::b/x, true",
        "s3:Get*, arn:aws:s3:::b/*, s3:PutObject, arn:aws:s3:::b/x, false",
        "*, *, dynamodb:GetItem, arn:aws:dynamodb:us-east-1:0:table/t, true",
        "s3:GetObject, arn:aws:s3:::b/runs/*/train/*, s3:GetObject, arn:aws:s3:::b/runs/1/train/x, true",
        "s3:GetObject, arn:aws:s3:::b/runs/*/train/*, s3:GetObject, arn:aws:s3:::b/runs/1/ask/x, false",
        "s3:GetObject, arn:aws:s3:::b, s3:GetObject, arn:aws:s3:::b/x, false",
        "s3:GetObject, arn:aws:s3:::b/?, s3:GetObject, arn:aws:s3:::b/x, true",
        "s3:GetObject, arn:aws:s3:::b/?, s3:GetObject, arn:aws:s3:::b/xy, false",
        "s3:GetObject, arn:aws:s3:::B/x, s3:GetObject, arn:aws:s3:::b/x, false",
        "states:*, arn:aws:states:*:0:execution:m:*, states:StopExecution, arn:aws:states:eu-west-1:0:execution:m:r, true",
        "states:*, arn:aws:states:*:execution:m:*, states:StopExecution, arn:aws:states:eu-west-1:0:execution:m:r, false",
        "s3:GetObject, arn:aws:s3:::b/a.c, s3:GetObject, arn:aws:s3:::b/abc, false",
    })
    void patterns_areIams(
            String action, String resource, String asked, String of, boolean allowed) {
        assertEquals(allowed, allows(of(allow(action, resource)), Call.of(asked, of)));
    }

    @Test
    void denial_goesBeforeWhatIsAllowed() {
        Statement denial =
                new Statement(
                        "t.yaml:2",
                        Effect.DENY,
                        List.of("s3:*"),
                        List.of(BUCKET + "/secret/*"),
                        List.of());
        Permissions permissions = of(allow("s3:GetObject", BUCKET + "/*"), denial);

        assertTrue(allows(permissions, Call.of("s3:GetObject", BUCKET + "/open")));
        AccessDeniedException denied =
                assertThrows(
                        AccessDeniedException.class,
                        () ->
                                permissions.check(
                                        permissions.credentials("F").accessKey(),
                                        Call.of("s3:GetObject", BUCKET + "/secret/x")));
        assertEquals(
                "User: arn:aws:sts::000000000000:assumed-role/perennial-FRole/perennial-F is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/secret/x with an explicit deny in an identity-based policy",
                denied.getMessage());
    }

    @Test
    void conditions_haveToHold_all_andOfACallThatHasTheirKey() {
        Permissions permissions =
                of(
                        allow(
                                "events:PutEvents",
                                "*",
                                new Condition(
                                        Operator.STRING_EQUALS, "events:source", List.of("a", "b")),
                                new Condition(
                                        Operator.STRING_LIKE,
                                        "events:detail-type",
                                        List.of("run.*"))));

        assertTrue(
                allows(
                        permissions,
                        event(Map.of("events:source", "b", "events:detail-type", "run.x"))));
        assertTrue(
                allows(
                        permissions,
                        event(Map.of("EVENTS:Source", "a", "events:detail-type", "run."))));
        for (Map<String, String> wrong :
                List.of(
                        Map.of("events:source", "c", "events:detail-type", "run.x"),
                        Map.of("events:source", "a*", "events:detail-type", "run.x"),
                        Map.of("events:source", "a", "events:detail-type", "walk"),
                        Map.of("events:source", "a"),
                        Map.<String, String>of())) {
            assertTrue(!allows(permissions, event(wrong)), wrong::toString);
        }
    }

    private static Call event(Map<String, String> context) {
        return new Call(
                "events:PutEvents", "arn:aws:events:us-east-1:0:event-bus/default", context);
    }

    @Test
    void owner_mayDoEverything_strangersNothing_andSecretsAreTheirOwns() {
        Permissions permissions = of();

        assertDoesNotThrow(
                () -> permissions.check(owner.accessKey(), Call.of("s3:DeleteBucket", BUCKET)));
        assertThrows(
                AccessDeniedException.class,
                () -> permissions.check("STRANGER", Call.of("s3:GetObject", BUCKET + "/x")));
        assertThrows(
                AccessDeniedException.class,
                () -> permissions.check("", Call.of("s3:GetObject", BUCKET + "/x")));
        Credentials own = permissions.credentials("F");
        assertEquals(own, permissions.withAccessKey(own.accessKey()).orElseThrow());
        assertEquals(owner, permissions.withAccessKey(owner.accessKey()).orElseThrow());
        assertTrue(permissions.withAccessKey("STRANGER").isEmpty());
    }

    @Test
    void useOfAStatement_isToldOnce_byThePatternsThatMatched() {
        Permissions permissions = of(allow("s3:*", BUCKET + "/runs/*"));

        for (String key : List.of("1", "2")) {
            assertTrue(allows(permissions, Call.of("s3:GetObject", BUCKET + "/runs/" + key)));
        }
        assertTrue(!allows(permissions, Call.of("s3:GetObject", BUCKET + "/models/1")));

        assertEquals(List.of(new Permissions.Use("F", "t.yaml:1", "s3:*", 0)), uses);
    }

    @Test
    void accessKey_isReadFromASignature() {
        assertEquals(
                "LOCAL1",
                Permissions.accessKey(
                        "AWS4-HMAC-SHA256 Credential=LOCAL1/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00"));
        assertEquals("", Permissions.accessKey("Basic x"));
        assertEquals("", Permissions.accessKey(null));
    }
}
