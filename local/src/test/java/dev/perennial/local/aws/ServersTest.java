package dev.perennial.local.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.local.permission.Credentials;
import dev.perennial.local.permission.Permissions;
import dev.perennial.local.template.BucketResource;
import dev.perennial.local.template.TableResource;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

class ServersTest {
    private static final List<BucketResource> BUCKETS =
            List.of(new BucketResource("Bucket", false));
    private static final List<TableResource> TABLES =
            List.of(
                    new TableResource(
                            "Table",
                            List.of(
                                    new TableResource.Attribute("pk", "S"),
                                    new TableResource.Attribute("sk", "N")),
                            List.of(
                                    new TableResource.Key("pk", "HASH"),
                                    new TableResource.Key("sk", "RANGE"))));

    @TempDir Path folder;

    private static S3Client s3(URI endpoint, Credentials credentials) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(provider(credentials))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    private static DynamoDbClient dynamoDb(URI endpoint, Credentials credentials) {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(provider(credentials))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    private static StaticCredentialsProvider provider(Credentials credentials) {
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create(credentials.accessKey(), credentials.secretKey()));
    }

    private static Map<String, AttributeValue> key(String pk) {
        return Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromN("1"));
    }

    /** Starts both, writes, says so and waits to be killed. */
    static final class Writer {
        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            Credentials credentials = Credentials.random();
            S3Server s3Server =
                    S3Server.start(
                            folder.resolve("s3"),
                            Permissions.ofOwner(credentials),
                            BUCKETS,
                            ObjectListener.NONE);
            DynamoDbServer dynamoDbServer =
                    DynamoDbServer.start(
                            folder.resolve("dynamodb"), Permissions.ofOwner(credentials), TABLES);
            try (S3Client s3 = s3(s3Server.endpoint(), credentials);
                    DynamoDbClient dynamoDb = dynamoDb(dynamoDbServer.endpoint(), credentials)) {
                s3.putObject(
                        put -> put.bucket("perennial-bucket").key("a/b.txt"),
                        RequestBody.fromString("kept"));
                dynamoDb.putItem(put -> put.tableName("perennial-Table").item(key("kept")));
            }
            System.out.println("written");
            new CountDownLatch(1).await();
        }
    }

    @Test
    void stateSurvives_aKilledProcess() throws Exception {
        Process writer =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Dperennial.log=" + folder.resolve("servers.log"),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Writer.class.getName(),
                                folder.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("written", out.readLine(), "the servers printed something first");
        } finally {
            writer.destroyForcibly().waitFor();
        }

        Credentials credentials = Credentials.random();
        try (S3Server s3Server =
                        S3Server.start(
                                folder.resolve("s3"),
                                Permissions.ofOwner(credentials),
                                BUCKETS,
                                ObjectListener.NONE);
                DynamoDbServer dynamoDbServer =
                        DynamoDbServer.start(
                                folder.resolve("dynamodb"),
                                Permissions.ofOwner(credentials),
                                TABLES);
                S3Client s3 = s3(s3Server.endpoint(), credentials);
                DynamoDbClient dynamoDb = dynamoDb(dynamoDbServer.endpoint(), credentials)) {
            assertEquals(
                    "kept",
                    s3.getObjectAsBytes(get -> get.bucket("perennial-bucket").key("a/b.txt"))
                            .asUtf8String());
            assertTrue(
                    dynamoDb.getItem(get -> get.tableName("perennial-Table").key(key("kept")))
                            .hasItem());
        }
    }

    @Test
    void hundredCreateOnlyWriters_haveOneWinner() throws Exception {
        Credentials credentials = Credentials.random();
        try (S3Server server =
                        S3Server.start(
                                folder,
                                Permissions.ofOwner(credentials),
                                BUCKETS,
                                ObjectListener.NONE);
                S3Client s3 = s3(server.endpoint(), credentials);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch together = new CountDownLatch(1);
            List<Callable<Integer>> writers =
                    IntStream.range(0, 100)
                            .<Callable<Integer>>mapToObj(i ->
                                    () -> {
                                        together.await();
                                        try {
                                            s3.putObject(
                                                    put ->
                                                            put.bucket("perennial-bucket")
                                                                    .key("once")
                                                                    .ifNoneMatch("*"),
                                                    RequestBody.fromString("writer " + i));
                                            return 200;
                                        } catch (S3Exception refused) {
                                            return refused.statusCode();
                                        }
                                    })
                            .toList();
            var answers = writers.stream().map(threads::submit).toList();
            together.countDown();
            int won = 0;
            for (int i = 0; i < answers.size(); i++) {
                int status = answers.get(i).get();
                if (status == 200) {
                    won++;
                    assertEquals(
                            "writer " + i,
                            s3.getObjectAsBytes(get -> get.bucket("perennial-bucket").key("once"))
                                    .asUtf8String());
                } else {
                    assertTrue(status == 412 || status == 409, "status " + status);
                }
            }

            assertEquals(1, won);
        }
    }

    @Test
    void bothListenOnLoopbackOnly_andSayNothingOnStandardOutput() throws Exception {
        PrintStream standard = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try (S3Server s3 =
                        S3Server.start(
                                folder.resolve("s3"),
                                Permissions.ofOwner(Credentials.random()),
                                BUCKETS,
                                ObjectListener.NONE);
                DynamoDbServer dynamoDb =
                        DynamoDbServer.start(
                                folder.resolve("dynamodb"),
                                Permissions.ofOwner(Credentials.random()),
                                TABLES)) {
            for (URI endpoint : List.of(s3.endpoint(), dynamoDb.endpoint())) {
                List<String> listening = listeningOn(endpoint.getPort());
                assertFalse(listening.isEmpty());
                // 127.0.0.1, or the same written as an IPv6 address, as the kernel prints them
                listening.forEach(address ->
                        assertTrue(
                                address.equals("0100007F")
                                        || address.equals("0000000000000000FFFF00000100007F"),
                                address));
            }
        } finally {
            System.setOut(standard);
        }
        assertEquals("", said.toString(StandardCharsets.UTF_8));
    }

    private static List<String> listeningOn(int port) throws Exception {
        String suffix = ":%04X".formatted(port);
        try (Stream<String> lines =
                Stream.concat(
                        Files.readAllLines(Path.of("/proc/net/tcp")).stream(),
                        Files.readAllLines(Path.of("/proc/net/tcp6")).stream())) {
            return lines.map(line -> line.trim().split("\\s+"))
                    .filter(columns -> columns[1].endsWith(suffix) && columns[3].equals("0A"))
                    .map(columns -> columns[1].substring(0, columns[1].indexOf(':')))
                    .toList();
        }
    }

    @Test
    void foreignCredentials_areRefusedByS3() throws Exception {
        try (S3Server server =
                        S3Server.start(
                                folder,
                                Permissions.ofOwner(Credentials.random()),
                                BUCKETS,
                                ObjectListener.NONE);
                S3Client stranger = s3(server.endpoint(), Credentials.random())) {
            assertEquals(403, assertThrows(S3Exception.class, stranger::listBuckets).statusCode());
        }
    }

    @Test
    void tableWithOtherKeys_isRefusedByName() throws Exception {
        DynamoDbServer.start(folder, Permissions.ofOwner(Credentials.random()), TABLES).close();
        List<TableResource> other =
                List.of(
                        new TableResource(
                                "Table",
                                List.of(new TableResource.Attribute("id", "S")),
                                List.of(new TableResource.Key("id", "HASH"))));

        IllegalStateException refused =
                assertThrows(
                        IllegalStateException.class,
                        () ->
                                DynamoDbServer.start(
                                        folder, Permissions.ofOwner(Credentials.random()), other));

        assertTrue(refused.getMessage().contains("perennial-Table"), refused.getMessage());
    }
}
