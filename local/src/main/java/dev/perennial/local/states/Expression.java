package dev.perennial.local.states;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One JSONata expression of a definition.
 *
 * @param source without its <code>{% %}</code>
 * @param field where it stands, for messages
 */
record Expression(String source, String field) {
    /** An expression that evaluates more nodes than this is taken for endless. */
    private static final long MAX_STEPS = 20_000_000;

    /**
     * @throws StateFailure States.QueryEvaluationError if it fails or gives nothing
     */
    JsonNode evaluate(JsonNode states, Map<String, JsonNode> variables, JsonataFunctions functions)
            throws StateFailure {
        Object value;
        try {
            value = run(states, variables, functions);
        } catch (StackOverflowError e) {
            throw failure("recurses too deeply");
        } catch (EvaluationStoppedException e) {
            throw failure("failed: it " + e.getMessage());
        } catch (JException e) {
            throw failure("failed: " + e.getDetailedErrorMessage());
        } catch (RuntimeException e) {
            throw failure("failed: " + e.getMessage());
        }
        if (value == null) {
            throw failure("returned nothing (undefined)");
        }
        try {
            return JsonataValues.toJson(value);
        } catch (IllegalArgumentException e) {
            throw failure("gave a value that cannot be used: " + e.getMessage());
        }
    }

    private @Nullable Object run(
            JsonNode states, Map<String, JsonNode> variables, JsonataFunctions functions) {
        // Parsed anew for each evaluation: the engine promises nothing about sharing a parsed
        // expression among threads.
        Jsonata jsonata = Jsonata.jsonata(source);
        jsonata.setOutputConvertNulls(false);
        Jsonata.Frame frame = jsonata.createFrame();
        functions.bindTo(frame);
        variables.forEach((name, value) -> frame.bind(name, JsonataValues.toJsonata(value)));
        frame.bind("states", JsonataValues.toJsonata(states));
        long[] steps = {0};
        frame.setEvaluateEntryCallback((symbol, input, environment) -> {
            if (++steps[0] > MAX_STEPS || Thread.currentThread().isInterrupted()) {
                throw new EvaluationStoppedException(steps[0] > MAX_STEPS);
            }
        });
        return jsonata.evaluate(null, frame);
    }

    private StateFailure failure(String what) {
        return new StateFailure(
                StateFailure.QUERY_EVALUATION,
                "The JSONata expression '%s' specified for the field '%s' %s"
                        .formatted(source, field, what));
    }

    private static final class EvaluationStoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        EvaluationStoppedException(boolean endless) {
            super(endless ? "did not end after " + MAX_STEPS + " steps" : "was stopped");
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
