// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

/** The two editions of DL/T 645. They share the frame and tell each other apart by control code and identifier length. */
enum Edition {
    /** DL/T 645-1997: identifiers of two bytes. */
    E1997(2, "error1997"),
    /** DL/T 645-2007 with its supplements: identifiers of four bytes. */
    E2007(4, "error2007");

    private final int identifierLength;
    private final String errorWord;

    Edition(int identifierLength, String errorWord) {
        this.identifierLength = identifierLength;
        this.errorWord = errorWord;
    }

    /** Bytes of a data identifier. */
    int identifierLength() {
        return identifierLength;
    }

    /** Name of the error word's bits in {@link Words}. */
    String errorWord() {
        return errorWord;
    }

    /** A data identifier as people write it, the highest byte first. */
    String identifier(int di) {
        return this == E2007 ? String.format("%08X", di) : String.format("%04X", di);
    }
}
