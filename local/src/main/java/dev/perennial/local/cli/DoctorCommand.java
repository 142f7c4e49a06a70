package dev.perennial.local.cli;

import dev.perennial.aws.DynamoDbModelRegistry;
import dev.perennial.aws.S3ArtifactStore;
import dev.perennial.local.Home;
import dev.perennial.local.HomeInUseException;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.RunningCloud;
import dev.perennial.local.aws.Clients;
import dev.perennial.local.doctor.Finding;
import dev.perennial.local.doctor.Finding.Level;
import dev.perennial.local.doctor.HomeChecks;
import dev.perennial.local.doctor.PipelineChecks;
import dev.perennial.local.doctor.StackChecks;
import dev.perennial.local.template.Stack;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/** {@code perennial doctor}: is a factory whole, and what is to be done if not. */
@Command(
        name = "doctor",
        description =
                "Whether everything is there, wired, permitted and fresh, and what to do if not: of the local cloud, or of a stack on AWS.")
final class DoctorCommand implements Callable<Integer> {
    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec command;

    @Option(
            names = "--stack",
            paramLabel = "NAME",
            description =
                    "A deployed stack, in the account and region of your AWS profile (default: the local cloud).")
    private @Nullable String stack;

    @Option(
            names = "--pipeline",
            paramLabel = "NAME",
            description = "Of the local cloud (default: the only one).")
    private @Nullable String pipeline;

    @Override
    public Integer call() throws Exception {
        if (stack != null && pipeline != null) {
            throw new WrongUsageException("a stack has one pipeline: --stack or --pipeline");
        }
        Instant now = InstantSource.system().instant();
        List<Finding> findings = stack == null ? local(now) : deployed(stack, now);
        PrintWriter out = command.commandLine().getOut();
        for (Finding finding : findings) {
            String sign =
                    switch (finding.level()) {
                        case FINE -> "✓";
                        case NOTE -> "·";
                        case BROKEN -> "✗";
                    };
            out.println(sign + " " + finding.what());
            if (!finding.todo().isEmpty()) {
                out.println("    " + finding.todo());
            }
        }
        long broken = findings.stream().filter(each -> each.level() == Level.BROKEN).count();
        out.println(
                broken == 0
                        ? "Nothing is broken."
                        : "%d of %d checks found something broken."
                                .formatted(broken, findings.size()));
        return broken == 0 ? Main.OK : Main.FAILED;
    }

    private static List<Finding> deployed(String stack, Instant now) {
        try {
            return new StackChecks(stack, now).findings();
        } catch (SdkClientException unreachable) { // no keys, no region, no network
            throw new WrongUsageException(String.valueOf(unreachable.getMessage()));
        }
    }

    private List<Finding> local(Instant now) throws Exception {
        Stack declared = Project.stack(RegistryView.ANY);
        try (Home home = Home.take(main.home());
                LocalCloud cloud =
                        LocalCloud.open(home, declared, InstantSource.system(), (_, _) -> {})) {
            List<Finding> findings =
                    new ArrayList<>(new HomeChecks(declared, main.home(), false).findings());
            for (String each : pipelines(cloud.registry().pipelines())) {
                findings.addAll(
                        new PipelineChecks(cloud.artifacts(), cloud.registry(), each, now)
                                .findings());
            }
            return findings;
        } catch (HomeInUseException somebody) {
            RunningCloud running = RunningCloud.of(main.home()).orElseThrow(() -> somebody);
            try (DynamoDbClient dynamoDb =
                            Clients.dynamoDb(running.dynamoDb(), running.credentials());
                    S3Client s3 = Clients.s3(running.s3(), running.credentials())) {
                List<Finding> findings =
                        new ArrayList<>(new HomeChecks(declared, main.home(), true).findings());
                findings.addAll(
                        new PipelineChecks(
                                        new S3ArtifactStore(s3, running.bucket()),
                                        new DynamoDbModelRegistry(dynamoDb, running.table()),
                                        pipeline == null ? running.pipeline() : pipeline,
                                        now)
                                .findings());
                return findings;
            }
        }
    }

    private List<String> pipelines(List<String> known) {
        return pipeline == null ? known : List.of(pipeline);
    }
}
