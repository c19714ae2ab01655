// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.codec;

/**
 * Content types of raw frames. The protocols register none with IANA, so these are of the unregistered {@code x.} tree (RFC 6838,
 * 3.4).
 */
public final class ContentTypes {
    /** One DL/T 645-2007 or -1997 frame, with or without preamble. */
    public static final String DLT645 = "application/x.dlt645";

    /** DLMS/COSEM: HDLC frames, a UDP/TCP wrapper, or an APDU. */
    public static final String DLMS = "application/x.dlms";

    /** An IEC 62056-21 data message or a DSMR/ESMR P1 telegram, plain or encrypted. */
    public static final String IEC62056 = "application/x.iec62056-21";

    /** An SML transport frame or several. */
    public static final String SML = "application/x.sml";

    /** EN 13757-3 long frames, one telegram or all telegrams of an answer. */
    public static final String MBUS = "application/x.mbus";

    /** The digits of DTMF frames as text, or a RIFF WAVE recording of their tones. */
    public static final String DTMF = "application/x.dtmf";

    private ContentTypes() {}
}
