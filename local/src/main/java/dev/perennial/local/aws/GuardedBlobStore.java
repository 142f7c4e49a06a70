package dev.perennial.local.aws;

import dev.perennial.local.permission.AccessDeniedException;
import dev.perennial.local.permission.Call;
import dev.perennial.local.permission.Permissions;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetBucketAclRequest;
import software.amazon.awssdk.services.s3.model.GetBucketAclResponse;
import software.amazon.awssdk.services.s3.model.GetBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.GetBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.GetObjectAclRequest;
import software.amazon.awssdk.services.s3.model.GetObjectAclResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.PutBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * S3 as one caller may use it. As on AWS, who may not list a bucket isn't told that an object is
 * missing. What no policy here could allow is refused: buckets and their access are the template's.
 */
final class GuardedBlobStore extends ForwardingBlobStore {
    private static final String GET = "s3:GetObject";
    private static final String PUT = "s3:PutObject";
    private static final String LIST = "s3:ListBucket";
    private static final int FORBIDDEN = 403;

    private final Permissions permissions;
    private final String accessKey;

    GuardedBlobStore(BlobStore store, Permissions permissions, String accessKey) {
        super(store);
        this.permissions = permissions;
        this.accessKey = accessKey;
    }

    private static String bucket(String name) {
        return "arn:aws:s3:::" + name;
    }

    private void check(String action, String bucket, String key) {
        check(Call.of(action, bucket(bucket) + "/" + key));
    }

    private void check(Call call) {
        try {
            permissions.check(accessKey, call);
        } catch (AccessDeniedException denied) {
            throw denied(denied.getMessage());
        }
    }

    private static Call list(String bucket, @Nullable String prefix) {
        return new Call(
                LIST, bucket(bucket), Map.of("s3:prefix", Objects.requireNonNullElse(prefix, "")));
    }

    private static S3Exception denied(@Nullable String message) {
        return (S3Exception)
                S3Exception.builder()
                        .statusCode(FORBIDDEN)
                        .message(message)
                        .awsErrorDetails(
                                AwsErrorDetails.builder()
                                        .errorCode("AccessDenied")
                                        .errorMessage(message)
                                        .build())
                        .build();
    }

    private static S3Exception notForMembers(String what) {
        return denied("The local S3 lets only the stack's owner " + what);
    }

    /** Missing looks like forbidden to who may not list the bucket, whatever the prefix. */
    private RuntimeException missing(String bucket, String key, NoSuchKeyException missing) {
        try {
            permissions.check(accessKey, Call.of(LIST, bucket(bucket)));
            return missing;
        } catch (AccessDeniedException denied) {
            return denied(
                    "Access Denied: %s/%s is missing, which S3 tells only those who may list the bucket: %s"
                            .formatted(bucket, key, denied.getMessage()));
        }
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
        check(GET, request.bucket(), request.key());
        try {
            return super.getBlob(request);
        } catch (NoSuchKeyException missing) {
            throw missing(request.bucket(), request.key(), missing);
        }
    }

    @Override
    public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
        check(GET, request.bucket(), request.key());
        try {
            return super.blobMetadata(request);
        } catch (NoSuchKeyException missing) {
            throw missing(request.bucket(), request.key(), missing);
        }
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
        check(PUT, request.bucket(), request.key());
        return super.putBlob(request, content);
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        check(GET, request.sourceBucket(), request.sourceKey());
        check(PUT, request.destinationBucket(), request.destinationKey());
        return super.copyBlob(request);
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        check("s3:DeleteObject", request.bucket(), request.key());
        return super.removeBlob(request);
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        check(list(request.bucket(), request.prefix()));
        return super.list(request);
    }

    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request) {
        check(list(request.bucket(), null));
        return super.headBucket(request);
    }

    @Override
    public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
        check(PUT, request.bucket(), request.key());
        return super.initiateMultipartUpload(request);
    }

    @Override
    public UploadPartResponse uploadMultipartPart(
            MultipartUpload upload, UploadPartRequest request, InputStream content) {
        check(PUT, request.bucket(), request.key());
        return super.uploadMultipartPart(upload, request, content);
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        check(PUT, request.bucket(), request.key());
        return super.completeMultipartUpload(upload, request);
    }

    @Override
    public void abortMultipartUpload(MultipartUpload upload) {
        check("s3:AbortMultipartUpload", upload.containerName(), upload.blobName());
        super.abortMultipartUpload(upload);
    }

    @Override
    public List<Part> listMultipartUpload(MultipartUpload upload) {
        check("s3:ListMultipartUploadParts", upload.containerName(), upload.blobName());
        return super.listMultipartUpload(upload);
    }

    @Override
    public boolean blobExists(String bucket, String key) {
        check(GET, bucket, key);
        return super.blobExists(bucket, key);
    }

    @Override
    public List<software.amazon.awssdk.services.s3.model.MultipartUpload> listMultipartUploads(
            String bucket) {
        throw notForMembers("list a bucket's uploads");
    }

    @Override
    public ListObjectVersionsResponse listVersions(ListObjectVersionsRequest request) {
        throw notForMembers("list versions");
    }

    @Override
    public BucketCannedACL getContainerAccess(String bucket) {
        throw notForMembers("ask who sees a bucket");
    }

    @Override
    public GetBucketAclResponse getContainerAcl(GetBucketAclRequest request) {
        throw notForMembers("ask who sees a bucket");
    }

    @Override
    public ObjectCannedACL getBlobAccess(String bucket, String key) {
        throw notForMembers("ask who sees an object");
    }

    @Override
    public ObjectCannedACL getBlobAccess(String bucket, String key, @Nullable String version) {
        throw notForMembers("ask who sees an object");
    }

    @Override
    public GetObjectAclResponse getBlobAcl(GetObjectAclRequest request) {
        throw notForMembers("ask who sees an object");
    }

    @Override
    public GetBucketVersioningResponse getBucketVersioning(GetBucketVersioningRequest request) {
        throw notForMembers("ask for a bucket's versioning");
    }

    @Override
    public PutBucketVersioningResponse putBucketVersioning(PutBucketVersioningRequest request) {
        throw notForMembers("change a bucket's versioning");
    }

    @Override
    public GetBucketEncryptionResponse getBucketEncryption(GetBucketEncryptionRequest request) {
        throw notForMembers("ask for a bucket's encryption");
    }

    @Override
    public PutBucketEncryptionResponse putBucketEncryption(PutBucketEncryptionRequest request) {
        throw notForMembers("change a bucket's encryption");
    }

    @Override
    public DeleteBucketEncryptionResponse deleteBucketEncryption(
            DeleteBucketEncryptionRequest request) {
        throw notForMembers("change a bucket's encryption");
    }

    @Override
    public ListBucketsResponse list() {
        throw notForMembers("list buckets");
    }

    @Override
    public CreateBucketResponse createContainer(CreateBucketRequest request) {
        throw notForMembers("make buckets");
    }

    @Override
    public void clearContainer(ListObjectsV2Request request) {
        throw notForMembers("empty a bucket");
    }

    @Override
    public void deleteContainer(String bucket) {
        throw notForMembers("delete a bucket");
    }

    @Override
    public void deleteBucket(String bucket) {
        throw notForMembers("delete a bucket");
    }

    @Override
    public void setContainerAccess(String bucket, BucketCannedACL access) {
        throw notForMembers("change who sees a bucket");
    }

    @Override
    public void setBlobAccess(String bucket, String key, ObjectCannedACL access) {
        throw notForMembers("change who sees an object");
    }

    @Override
    public void setBlobAccess(
            String bucket, String key, ObjectCannedACL access, @Nullable String version) {
        throw notForMembers("change who sees an object");
    }
}
