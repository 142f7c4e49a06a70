package dev.perennial.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes HTML. Text is always escaped: column names, categories and messages come from users'
 * files.
 */
public final class Html {
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

    private final StringBuilder out = new StringBuilder();

    /** Begins a page, which {@link #end} ends. */
    public static Html page(String title) {
        return new Html()
                .raw("<!doctype html><html lang=en><head><meta charset=utf-8>")
                .raw("<meta name=viewport content='width=device-width,initial-scale=1'>")
                .raw("<meta http-equiv=Content-Security-Policy content=\"" + POLICY + "\">")
                .raw("<title>")
                .text(title)
                .raw("</title><style>")
                .raw(style())
                .raw("</style></head><body><main>");
    }

    /** The whole page. */
    public String end() {
        return raw("</main></body></html>").out.toString();
    }

    private static String style() {
        try (InputStream in = Html.class.getResourceAsStream("page.css")) {
            if (in == null) {
                throw new IllegalStateException("page.css is not in the package");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException("reading page.css", failed);
        }
    }

    public Html raw(String markup) {
        out.append(markup);
        return this;
    }

    public Html text(String text) {
        out.append(escape(text));
        return this;
    }

    public Html heading(String title) {
        return raw("<h2>").text(title).raw("</h2>");
    }

    public Html paragraph(String style, String text) {
        return raw("<p class='" + style + "'>").text(text).raw("</p>");
    }

    public Html fact(String value, String name) {
        return raw("<div class=fact><b>")
                .text(value)
                .raw("</b><span class=soft>")
                .text(name)
                .raw("</span></div>");
    }

    /** A table's head; columns whose name begins with "«" hold words. */
    public Html table(List<String> columns) {
        raw("<div class=scroll><table><thead><tr>");
        for (String column : columns) {
            boolean words = column.startsWith("«");
            raw(words ? "<th class=text>" : "<th>")
                    .text(words ? column.substring(1) : column)
                    .raw("</th>");
        }
        return raw("</tr></thead><tbody>");
    }

    public Html cell(String text) {
        return raw("<td>").text(text).raw("</td>");
    }

    public Html words(String style, String text) {
        return raw("<td class='text " + style + "'>").text(text).raw("</td>");
    }

    public Html endTable() {
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
}
