package dev.perennial.local.states;

import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers a list in pages; the token is the position of the next page's first element. */
final class Page {
    private static final int USUAL = 100;
    private static final int LONGEST = 1000;

    private Page() {}

    static <T> ObjectNode of(
            Request request, String member, List<T> all, Function<T, JsonNode> form) {
        int from = request.text("nextToken").map(token -> position(token, all.size())).orElse(0);
        int asked = request.whole("maxResults", USUAL);
        int length = asked == 0 ? USUAL : Math.clamp(asked, 1, LONGEST);
        int to = Math.min(all.size(), from + length);
        ObjectNode answer = Json.NODES.objectNode();
        ArrayNode array = answer.putArray(member);
        all.subList(from, to).forEach(element -> array.add(form.apply(element)));
        if (to < all.size()) {
            answer.put("nextToken", Integer.toString(to));
        }
        return answer;
    }

    private static int position(String token, int size) {
        try {
            int position = Integer.parseInt(token);
            if (position >= 0 && position <= size) {
                return position;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new RequestRefusedException("InvalidToken", "Invalid Token: '" + token + "'");
    }
}
