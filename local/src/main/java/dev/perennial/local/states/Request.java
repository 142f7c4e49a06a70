package dev.perennial.local.states;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The members of one request. Those that an operation does not implement are refused by name. */
final class Request {
    private final JsonNode members;

    private Request(JsonNode members) {
        this.members = members;
    }

    static Request of(String body) {
        JsonNode members;
        try {
            members = Json.parse(body.isBlank() ? "{}" : body);
        } catch (IllegalArgumentException e) {
            throw new RequestRefusedException(
                    "SerializationException", "The request is not JSON: " + e.getMessage());
        }
        if (!members.isObject()) {
            throw new RequestRefusedException(
                    "SerializationException", "The request should be a JSON object");
        }
        return new Request(members);
    }

    Request allow(String... names) {
        List<String> unknown = new ArrayList<>(members.propertyNames());
        unknown.removeAll(Set.of(names));
        unknown.removeIf(name -> members.path(name).isNull());
        if (!unknown.isEmpty()) {
            throw new RequestRefusedException(
                    "ValidationException",
                    "This executor does not implement the request members %s; it knows %s"
                            .formatted(unknown, List.of(names)));
        }
        return this;
    }

    Optional<String> text(String name) {
        JsonNode value = members.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw new RequestRefusedException(
                    "ValidationException", "Member '" + name + "' should be a string");
        }
        return Optional.of(value.stringValue());
    }

    String required(String name) {
        return text(name)
                .orElseThrow(() ->
                        new RequestRefusedException(
                                "ValidationException", "Member '" + name + "' is missing"));
    }

    boolean flag(String name, boolean otherwise) {
        return members.path(name).asBoolean(otherwise);
    }

    int whole(String name, int otherwise) {
        return members.path(name).asInt(otherwise);
    }
}
