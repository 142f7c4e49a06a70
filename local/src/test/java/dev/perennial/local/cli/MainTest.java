package dev.perennial.local.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.local.template.Stack;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
    private static final Stack STACK =
            new Stack(
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of("F.Tracing: there is no X-Ray here"));

    private static String saidBy(String... arguments) {
        Main main = new Main();
        new CommandLine(main).parseArgs(arguments);
        StringWriter err = new StringWriter();
        main.sayNotEnforced(STACK, new PrintWriter(err));
        return err.toString();
    }

    @Test
    void whatHasNoEffect_isSaidToThoseWhoWantToKnow() {
        assertEquals(
                "without effect here: F.Tracing: there is no X-Ray here\n",
                saidBy("--verbose", "models"));
        assertEquals(
                "without effect here: F.Tracing: there is no X-Ray here\n",
                saidBy("models", "--verbose"));
        assertEquals("", saidBy("models"));
    }
}
