// SPDX-License-Identifier: EPL-2.0
/**
 * The import map's `console/api`: all that a vendor's page may use. A page is one ES module:
 *
 *     import {html} from 'lit';
 *     import {registerPage} from 'console/api';
 *     registerPage({path: '/acme', title: 'Acme', nav: 'Acme', render: () => html`<p>…</p>`});
 */
export {registerPage, hrefOf} from './core/pages.js';
export {get, post, pages as readPages, Problem} from './core/rest.js';
export {live} from './core/live.js';
export {localTime, utcTime} from './core/time.js';
export {subtract, sum, toNumber} from './core/decimal.js';
export {shared as sharedStyles} from './ui/styles.js';
export {time} from './ui/time.js';
import './ui/problem.js';
import './ui/status.js';
