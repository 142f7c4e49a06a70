package dev.perennial.aws;

import dev.perennial.core.store.ArtifactConflictException;
import dev.perennial.core.store.ArtifactCorruptedException;
import dev.perennial.core.store.ArtifactMissingException;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.Keys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Artifacts in one S3 bucket. */
public final class S3ArtifactStore implements ArtifactStore {
    private final S3Client s3;
    private final String bucket;

    public S3ArtifactStore(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    @Override
    public ArtifactRef put(String key, byte[] content, String mediaType) {
        ArtifactRef artifact = new ArtifactRef(key, Digest.of(content), content.length, mediaType);
        return create(artifact, RequestBody.fromBytes(content));
    }

    @Override
    public ArtifactRef put(String key, Path file, String mediaType) {
        try {
            ArtifactRef artifact =
                    new ArtifactRef(key, Digest.of(file), Files.size(file), mediaType);
            return create(artifact, RequestBody.fromFile(file));
        } catch (IOException failed) {
            throw new UncheckedIOException("reading " + file + " to store " + key, failed);
        }
    }

    private ArtifactRef create(ArtifactRef artifact, RequestBody body) {
        try {
            return AwsCall.of(
                    "storing " + artifact.key(),
                    () -> {
                        s3.putObject(
                                put ->
                                        put.bucket(bucket)
                                                .key(artifact.key())
                                                .contentType(artifact.mediaType())
                                                .checksumSHA256(base64(artifact.sha256()))
                                                .ifNoneMatch("*"),
                                body);
                        return artifact;
                    });
        } catch (S3Exception refused) {
            // 412: there is one. 409: another writer was at it; S3 says to try again, and by then
            // there is one.
            if (refused.statusCode() != 412 && refused.statusCode() != 409) {
                throw refused;
            }
            Digest found =
                    digest(artifact.key())
                            .orElseThrow(() ->
                                    new dev.perennial.core.store.StoreUnavailableException(
                                            "storing " + artifact.key(), refused));
            if (found.equals(artifact.sha256())) {
                return artifact;
            }
            throw new ArtifactConflictException(
                    artifact.key(), artifact.sha256(), found.abbreviated());
        }
    }

    /** Of what is there, however large it is. */
    private Optional<Digest> digest(String key) {
        try {
            return Optional.of(
                    AwsCall.of(
                            "reading " + key,
                            () ->
                                    s3.getObject(
                                            get -> get.bucket(bucket).key(key),
                                            (_, content) -> Digest.of(content))));
        } catch (NoSuchKeyException missing) {
            return Optional.empty();
        }
    }

    @Override
    public byte[] read(ArtifactRef artifact) {
        byte[] content =
                current(artifact.key())
                        .orElseThrow(() -> new ArtifactMissingException(artifact.key()));
        Digest found = Digest.of(content);
        if (!found.equals(artifact.sha256())) {
            throw new ArtifactCorruptedException(artifact, found);
        }
        return content;
    }

    @Override
    public void fetch(ArtifactRef artifact, Path target) {
        ArtifactRef found = download(artifact.key(), artifact.mediaType(), target);
        if (!found.sha256().equals(artifact.sha256())) {
            throw new ArtifactCorruptedException(artifact, found.sha256());
        }
    }

    @Override
    public List<StoredObject> list(String prefix) {
        return AwsCall.of(
                "listing " + prefix,
                () -> {
                    List<StoredObject> objects = new ArrayList<>();
                    s3
                            .listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix))
                            .contents()
                            .stream()
                            .map(object -> new StoredObject(object.key(), object.size()))
                            .sorted(Comparator.comparing(StoredObject::key))
                            .forEach(objects::add);
                    return List.copyOf(objects);
                });
    }

    @Override
    public ArtifactRef adopt(StoredObject object, String mediaType, Path target) {
        return download(object.key(), mediaType, target);
    }

    private ArtifactRef download(String key, String mediaType, Path target) {
        try {
            AwsCall.of(
                    "reading " + key,
                    () -> {
                        delete(target); // also what a broken attempt left
                        return s3.getObject(
                                get -> get.bucket(bucket).key(key),
                                ResponseTransformer.<GetObjectResponse>toFile(target));
                    });
            return new ArtifactRef(key, Digest.of(target), Files.size(target), mediaType);
        } catch (NoSuchKeyException missing) {
            throw new ArtifactMissingException(key);
        } catch (IOException failed) {
            throw new UncheckedIOException("writing %s to %s".formatted(key, target), failed);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw new UncheckedIOException("deleting " + file, failed);
        }
    }

    @Override
    public Optional<byte[]> current(String key) {
        Keys.check(key);
        try {
            ResponseBytes<GetObjectResponse> response =
                    AwsCall.of(
                            "reading " + key,
                            () -> s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)));
            return Optional.of(response.asByteArrayUnsafe());
        } catch (NoSuchKeyException missing) {
            return Optional.empty();
        }
    }

    @Override
    public void replace(String key, byte[] content, String mediaType) {
        Keys.check(key);
        AwsCall.of(
                "storing " + key,
                () ->
                        s3.putObject(
                                put -> put.bucket(bucket).key(key).contentType(mediaType),
                                RequestBody.fromBytes(content)));
    }

    private static String base64(Digest digest) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(digest.hex()));
    }
}
