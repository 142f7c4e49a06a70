package dev.perennial.predict;

/** Thrown when there is nothing to predict with yet. */
public final class NoModelException extends RuntimeException {
    public NoModelException(String pipeline) {
        super(
                "%s has no champion that can be served yet; it comes with the first training that passes its gates"
                        .formatted(pipeline));
    }
}
