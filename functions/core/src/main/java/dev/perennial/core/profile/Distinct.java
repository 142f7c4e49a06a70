package dev.perennial.core.profile;

import java.util.List;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.HllUnion;
import org.apache.datasketches.hll.TgtHllType;

/**
 * Counts distinct values by HyperLogLog (Flajolet et al. 2007) with 4,096 registers: relative
 * standard error 1.6 %, exact for few.
 */
final class Distinct {
    private static final int LOG_REGISTERS = 12;

    private Distinct() {}

    static HllSketch sketch() {
        return new HllSketch(LOG_REGISTERS, TgtHllType.HLL_8);
    }

    static byte[] merge(List<byte[]> sketches) {
        HllUnion union = new HllUnion(LOG_REGISTERS);
        sketches.forEach(each -> union.update(HllSketch.heapify(each)));
        return union.getResult(TgtHllType.HLL_8).toCompactByteArray();
    }

    static long estimate(byte[] sketch) {
        return Math.round(HllSketch.heapify(sketch).getEstimate());
    }
}
