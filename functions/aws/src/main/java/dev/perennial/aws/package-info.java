/**
 * AWS behind core's interfaces (S3 artifacts, DynamoDB registry) and the one entry that every
 * function shares. Steps see core's interfaces only; nothing else in the project talks to AWS.
 */
@NullMarked
package dev.perennial.aws;

import org.jspecify.annotations.NullMarked;
