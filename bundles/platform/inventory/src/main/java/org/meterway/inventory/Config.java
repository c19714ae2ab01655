// SPDX-License-Identifier: EPL-2.0
package org.meterway.inventory;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Inventory")
@interface Config {
    String PID = "org.meterway.inventory";

    @AttributeDefinition(
            name = "Enrolment open",
            description = "Whether endpoints that are not in the inventory may enrol themselves")
    boolean enrolment_open() default false;

    @AttributeDefinition(
            name = "Enrolment key",
            description = "Hex, at least 16 bytes; keys of enrolling endpoints are derived from it; empty for none",
            type = AttributeType.PASSWORD)
    String _enrolment_key_hex() default "";

    @AttributeDefinition(
            name = "Master key file",
            description =
                    "Holds the key credentials are encrypted with; empty for inventory/master.key in the data folder")
    String master_key_file() default "";
}
