/** The embedded servers: S3 and DynamoDB on loopback, with folders that outlive the process. */
@NullMarked
package dev.perennial.local.aws;

import org.jspecify.annotations.NullMarked;
