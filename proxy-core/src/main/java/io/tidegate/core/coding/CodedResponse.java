package io.tidegate.core.coding;

import io.tidegate.core.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * A response as all further on see it.
 *
 * @param head its head, which tells about the coding if there is one
 * @param coding what its content has to be given; null if it goes on as it is
 */
public record CodedResponse(ResponseHead head, @Nullable ContentCoding coding) {}
