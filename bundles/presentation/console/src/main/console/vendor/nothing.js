// SPDX-License-Identifier: EPL-2.0
/** Stands in for Vaadin's usage statistics and development mode: a gateway's console calls nobody. */
export const usageStatistics = () => {};
export const runIfDevelopmentMode = () => {};
