package dev.perennial.local.lambda;

import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.Stack;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A template's functions by each of their names. */
final class DeclaredFunctions {
    private final List<FunctionResource> all;
    private final Map<String, FunctionResource> byName = new HashMap<>();

    DeclaredFunctions(Stack stack) {
        all = stack.functions();
        all.forEach(function -> {
            byName.put(function.arn(), function);
            function.qualifiedArns().forEach(arn -> byName.put(arn, function));
            byName.put(function.name(), function);
            byName.put(function.logicalId(), function);
        });
    }

    List<FunctionResource> all() {
        return all;
    }

    /**
     * The function that an event is for.
     *
     * @param functionArnOrName ARN with or without a version or alias, physical name or logical id
     * @throws UnknownFunctionException if the template has no such function
     * @throws PayloadTooLargeException if the event is larger than Lambda takes
     */
    FunctionResource forEvent(String functionArnOrName, byte[] payload) {
        FunctionResource function = byName.get(functionArnOrName);
        if (function == null) {
            throw new UnknownFunctionException(
                    functionArnOrName,
                    all.stream().map(FunctionResource::logicalId).sorted().toList());
        }
        if (payload.length > Functions.MAX_EVENT) {
            throw new PayloadTooLargeException(
                    function.name(), payload.length, Functions.MAX_EVENT);
        }
        return function;
    }
}
