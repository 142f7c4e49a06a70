package dev.perennial.conclude;

import java.util.List;

/**
 * Writes HTML. Text is always escaped: column names, categories and messages come from users'
 * files.
 */
final class Html {
    private final StringBuilder out = new StringBuilder();

    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    Html text(String text) {
        out.append(escape(text));
        return this;
    }

    Html heading(String title) {
        return raw("<h2>").text(title).raw("</h2>");
    }

    Html paragraph(String style, String text) {
        return raw("<p class='" + style + "'>").text(text).raw("</p>");
    }

    Html fact(String value, String name) {
        return raw("<div class=fact><b>")
                .text(value)
                .raw("</b><span class=soft>")
                .text(name)
                .raw("</span></div>");
    }

    /** A table's head; columns whose name begins with "«" hold words. */
    Html table(List<String> columns) {
        raw("<div class=scroll><table><thead><tr>");
        for (String column : columns) {
            boolean words = column.startsWith("«");
            raw(words ? "<th class=text>" : "<th>")
                    .text(words ? column.substring(1) : column)
                    .raw("</th>");
        }
        return raw("</tr></thead><tbody>");
    }

    Html cell(String text) {
        return raw("<td>").text(text).raw("</td>");
    }

    Html words(String style, String text) {
        return raw("<td class='text " + style + "'>").text(text).raw("</td>");
    }

    Html endTable() {
        return raw("</tbody></table></div>");
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            switch (each) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(each);
            }
        }
        return escaped.toString();
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
