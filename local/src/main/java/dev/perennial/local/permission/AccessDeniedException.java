package dev.perennial.local.permission;

/** Thrown where AWS would refuse a call, with AWS's sentence. */
public final class AccessDeniedException extends RuntimeException {
    public AccessDeniedException(String message) {
        super(message);
    }
}
