@org.jspecify.annotations.NullMarked
package org.meterway.http;
