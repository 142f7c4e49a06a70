package dev.perennial.core.feature;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** For each entity of a view the newest row. */
public interface OnlineStore {
    /**
     * Puts rows in place of older ones. A row that is not newer than the one there changes nothing,
     * so rows may come again and in any order.
     *
     * @param rows one per entity
     * @return how many were newer
     */
    int put(String view, List<OnlineRow> rows);

    /** The rows of the entities that are known. Expired rows may be among them. */
    Map<EntityKey, OnlineRow> get(String view, Collection<EntityKey> keys);
}
