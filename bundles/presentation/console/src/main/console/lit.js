// SPDX-License-Identifier: EPL-2.0
/** The import map's `lit`: vendors' modules share the console's one copy. */
export * from 'lit';
export {classMap} from 'lit/directives/class-map.js';
export {repeat} from 'lit/directives/repeat.js';
