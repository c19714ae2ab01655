// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.meter;

import java.util.List;

/**
 * What became of an import.
 *
 * @param imported meters taken, 0 if there was any error
 * @param errors what is wrong, by line, at most 1,000
 */
public record ImportReport(int imported, List<Problem> errors) {
    public ImportReport {
        errors = List.copyOf(errors);
    }

    /**
     * One mistake.
     *
     * @param line line in the file, from 1 (the header)
     * @param column name of the column, or empty for the whole line
     * @param message what is wrong and what is expected
     */
    public record Problem(long line, String column, String message) {}
}
