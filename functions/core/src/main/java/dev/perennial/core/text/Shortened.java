package dev.perennial.core.text;

/**
 * The beginning of a text that may be of any length. No character is cut in two: half of one can't
 * be written as UTF-8, so a message with it could not be sent or stored.
 */
public final class Shortened {
    private Shortened() {}

    /**
     * For people: with an ellipsis where something is missing.
     *
     * @param most UTF-16 units that are kept, the ellipsis not counted
     */
    public static String shown(String text, int most) {
        return text.length() <= most ? text : kept(text, most) + "…";
    }

    /** As it is, or its beginning without any mark. */
    public static String kept(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        boolean cuts = most > 0 && Character.isHighSurrogate(text.charAt(most - 1));
        return text.substring(0, cuts ? most - 1 : most);
    }
}
