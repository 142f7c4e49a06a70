package dev.perennial.tests;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.perennial.aws.FunctionApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The structure that the design promises, over the compiled classes of every module. */
class ArchitectureTest {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));
    private static final List<String> STEPS =
            List.of(
                    "retrieve",
                    "validate",
                    "prepare",
                    "train",
                    "evaluate",
                    "refit",
                    "probe",
                    "register",
                    "promote",
                    "ask",
                    "conclude");
    private static final List<String> FUNCTIONS =
            Stream.concat(
                            STEPS.stream(),
                            Stream.of("predict", "capture", "feedback", "monitor", "trigger"))
                    .toList();
    private static final JavaClasses ALL =
            compiled(
                    Stream.concat(Stream.of("core", "model", "aws", "parquet"), FUNCTIONS.stream())
                            .map(each -> "functions/" + each),
                    "local");

    private static JavaClasses compiled(Stream<String> modules, String more) {
        List<Path> folders =
                Stream.concat(modules, Stream.of(more))
                        .map(module -> ROOT.resolve(module).resolve("target/classes"))
                        .toList();
        folders.forEach(folder -> assertTrue(Files.isDirectory(folder), folder + " is not built"));
        return new ClassFileImporter().importPaths(folders);
    }

    @Test
    void core_seesNoCloudNoFrameworkNoNativeLibrary() {
        noClasses()
                .that()
                .resideInAPackage("dev.perennial.core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "software.amazon..",
                        "com.amazonaws..",
                        "org.springframework..",
                        "ai.onnxruntime..",
                        "ml.dmlc..",
                        "org.duckdb..",
                        "java.sql..",
                        "dev.perennial.aws..",
                        "dev.perennial.model..",
                        "dev.perennial.local..")
                .check(ALL);
    }

    @Test
    void model_seesCoreOnly() {
        noClasses()
                .that()
                .resideInAPackage("dev.perennial.model..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "software.amazon..",
                        "org.springframework..",
                        "dev.perennial.aws..",
                        "dev.perennial.local..")
                .check(ALL);
    }

    @Test
    void steps_dontKnowEachOther_norTheLocalCloud() {
        for (String step : FUNCTIONS) {
            String[] others =
                    Stream.concat(
                                    FUNCTIONS.stream().filter(each -> !each.equals(step)),
                                    Stream.of("local"))
                            .map(each -> "dev.perennial." + each + "..")
                            .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("dev.perennial." + step + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .check(ALL);
        }
    }

    @Test
    void localCloud_knowsStepsOnlyThroughTheirZips() {
        noClasses()
                .that()
                .resideInAPackage("dev.perennial.local..")
                .should()
                .dependOnClassesThat(
                        FUNCTIONS.stream()
                                .map(step -> resideInAPackage("dev.perennial." + step + ".."))
                                .reduce((a, b) -> a.or(b))
                                .orElseThrow())
                .check(ALL);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching("dev.perennial.(**)").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void standardOutput_belongsToTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.perennial.local.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(ALL);
    }

    @Test
    void wallClock_isReadAtTheEdgeOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.perennial.local.cli..")
                .and()
                .doNotHaveFullyQualifiedName("dev.perennial.aws.Meter")
                .and() // the runtime client compares an event's deadline with the system's clock
                .doNotHaveFullyQualifiedName("dev.perennial.local.lambda.LambdaService")
                .and() // DynamoDB lets items expire by the clock on the wall
                .doNotHaveFullyQualifiedName("dev.perennial.aws.RegistryTable")
                .and()
                .areNotAssignableTo(FunctionApplication.class)
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDate.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(ZonedDateTime.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(InstantSource.class, "system")
                .check(ALL);
    }

    @Test
    void nothing_deserialisesJavaObjects() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .check(ALL);
    }

    @Test
    void failures_areTopLevelClasses_soThatAStateMachineCanNameThem() {
        classes()
                .that()
                .resideOutsideOfPackage("dev.perennial.local..")
                .and()
                .areAssignableTo(RuntimeException.class)
                .should()
                .beTopLevelClasses()
                .check(ALL);
    }

    @Test
    void everyPackage_isNullMarked() {
        List<String> unmarked =
                ALL.stream()
                        .map(each -> each.getPackage())
                        .distinct()
                        .filter(each -> each.getName().startsWith("dev.perennial."))
                        .filter(each ->
                                each.tryGetPackageInfo()
                                        .filter(info -> info.isAnnotatedWith(NullMarked.class))
                                        .isEmpty())
                        .map(each -> each.getName())
                        .toList();

        assertEquals(List.of(), unmarked);
    }

    @Test
    void everyFunction_hasAFolderAResourceAStateAndAnEvent() throws IOException {
        String template = Files.readString(ROOT.resolve("template.yaml"));
        String machine = Files.readString(ROOT.resolve("statemachine/training.asl.json"));
        for (String function : FUNCTIONS) {
            String resource =
                    Character.toUpperCase(function.charAt(0)) + function.substring(1) + "Function";
            assertTrue(template.contains("\n  " + resource + ":"), resource + " in template.yaml");
            assertEquals(
                    STEPS.contains(function),
                    machine.contains("${" + resource + "Arn}"),
                    resource + " in the state machine");
            assertTrue(
                    Files.exists(ROOT.resolve("events/" + function + ".json")),
                    "events/" + function + ".json");
        }
    }
}
