package dev.perennial.local.states;

import tools.jackson.databind.JsonNode;

/** What {@code $states.context.Map.Item} says. */
record MapItem(int index, JsonNode value) {}
