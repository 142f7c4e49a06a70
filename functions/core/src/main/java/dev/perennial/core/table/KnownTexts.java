package dev.perennial.core.table;

import java.util.Arrays;

/**
 * The codes of texts by their UTF-8 bytes: a hash table with open addressing, so that a text that
 * was seen before costs neither a String nor an entry.
 */
final class KnownTexts {
    static final int NONE = -1;

    private byte[][] texts = new byte[64][];
    private int[] codes = new int[64];
    private int size;

    /** Where a text is, or would be added. Holds until the next text is added. */
    int find(byte[] bytes, int offset, int length) {
        int mask = texts.length - 1;
        int slot = spread(hash(bytes, offset, length)) & mask;
        while (texts[slot] != null
                && !Arrays.equals(
                        texts[slot], 0, texts[slot].length, bytes, offset, offset + length)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** The code at a place, or {@link #NONE}. */
    int code(int slot) {
        return texts[slot] == null ? NONE : codes[slot];
    }

    void add(int slot, byte[] bytes, int offset, int length, int code) {
        texts[slot] = Arrays.copyOfRange(bytes, offset, offset + length);
        codes[slot] = code;
        if (++size > texts.length / 2) {
            grow();
        }
    }

    private void grow() {
        byte[][] before = texts;
        int[] beforeCodes = codes;
        texts = new byte[before.length * 2][];
        codes = new int[texts.length];
        for (int i = 0; i < before.length; i++) {
            if (before[i] != null) {
                int slot = find(before[i], 0, before[i].length);
                texts[slot] = before[i];
                codes[slot] = beforeCodes[i];
            }
        }
    }

    private static int hash(byte[] bytes, int offset, int length) {
        int hash = length;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    private static int spread(int hash) {
        return (hash * 0x9E3779B9) >>> 7;
    }
}
