package dev.perennial.local.permission;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what in a stack. Each function has keys of its own, by which the servers know it; the
 * stack's owner may do everything. Safe for use by many threads.
 */
public final class Permissions {
    private static final Pattern CREDENTIAL = Pattern.compile("Credential=([A-Za-z0-9]+)/");

    private final Credentials owner;
    private final Map<String, Credentials> credentials = new LinkedHashMap<>();
    private final Map<String, Principal> byAccessKey = new LinkedHashMap<>();
    private final Set<Use> used = ConcurrentHashMap.newKeySet();
    private final Consumer<Use> uses;

    /**
     * Somebody in the template.
     *
     * @param name its physical name, which its session has too
     */
    public record Member(String logicalId, String name, List<Statement> statements) {
        public Member {
            statements = List.copyOf(statements);
        }
    }

    /**
     * A part of a statement that was needed.
     *
     * @param member logical id
     * @param where the statement's file and line
     * @param action the statement's pattern of it
     * @param resource index of the statement's pattern of it
     */
    public record Use(String member, String where, String action, int resource) {}

    /**
     * Takes the members.
     *
     * @param uses hears of each part of a statement when it is first needed
     */
    public Permissions(
            String account,
            String stack,
            Credentials owner,
            List<Member> members,
            Consumer<Use> uses) {
        this.owner = owner;
        this.uses = uses;
        for (Member each : members) {
            Principal principal =
                    Principal.of(
                            each.logicalId(),
                            "arn:aws:sts::%s:assumed-role/%s-%sRole/%s"
                                    .formatted(account, stack, each.logicalId(), each.name()),
                            each.statements());
            Credentials own = Credentials.random();
            credentials.put(each.logicalId(), own);
            byAccessKey.put(own.accessKey(), principal);
        }
    }

    /** Of a stack in which nobody but its owner does anything. */
    public static Permissions ofOwner(Credentials owner) {
        return new Permissions("", "", owner, List.of(), _ -> {});
    }

    /** Keys with which everything is allowed. */
    public Credentials owner() {
        return owner;
    }

    /** Whether anybody but the owner has keys. */
    public boolean hasMembers() {
        return !byAccessKey.isEmpty();
    }

    /** Keys of a member of the template; the owner's, if nobody else has any. */
    public Credentials credentials(String logicalId) {
        if (!hasMembers()) {
            return owner;
        }
        Credentials own = credentials.get(logicalId);
        if (own == null) {
            throw new IllegalArgumentException("the template has no " + logicalId);
        }
        return own;
    }

    /** The secret that belongs to an access key; nothing if nobody has it. */
    public Optional<Credentials> withAccessKey(String accessKey) {
        if (owner.accessKey().equals(accessKey)) {
            return Optional.of(owner);
        }
        return Optional.ofNullable(byAccessKey.get(accessKey))
                .map(principal -> credentials(principal.logicalId()));
    }

    /** Whose signature a request carries, by its header {@code Authorization}; "" if nobody's. */
    public static String accessKey(@Nullable String authorization) {
        Matcher matcher = CREDENTIAL.matcher(Objects.requireNonNullElse(authorization, ""));
        return matcher.find() ? matcher.group(1) : "";
    }

    /**
     * Passes if the call is allowed.
     *
     * @param accessKey whose call it is
     * @throws AccessDeniedException if AWS would refuse it
     */
    public void check(String accessKey, Call call) {
        if (owner.accessKey().equals(accessKey)) {
            return;
        }
        Principal principal = byAccessKey.get(accessKey);
        if (principal == null) {
            throw new AccessDeniedException(
                    "The security token included in the request is invalid: nobody has the access key "
                            + accessKey);
        }
        Principal.Match match = principal.allow(call);
        Use use =
                new Use(
                        principal.logicalId(),
                        match.statement().where(),
                        match.action(),
                        match.resource());
        if (used.add(use)) {
            uses.accept(use);
        }
    }
}
