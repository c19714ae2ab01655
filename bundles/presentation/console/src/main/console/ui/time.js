// SPDX-License-Identifier: EPL-2.0
import {html, nothing} from 'lit';
import {localTime, utcTime} from '../core/time.js';

/** A time in this computer's zone, UTC when the pointer rests on it. */
export const time = (instant, options) =>
	instant ? html`<time datetime=${instant} title=${utcTime(instant)}>${localTime(instant, options)}</time>` : nothing;
