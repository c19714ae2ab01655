// SPDX-License-Identifier: EPL-2.0
import {LitElement, html} from 'lit';
import {shared} from '../../ui/styles.js';
import {time} from '../../ui/time.js';

const CONNECTIONS = {
	registered: 'Registered: it can be read now',
	asleep: 'Asleep: it answers at its next wake-up',
	unregistered: 'Not registered: out of reach until it registers again',
	never: 'Never seen',
};
const CREDENTIALS = {psk: 'pre-shared key', rpk: 'raw public key', x509: 'certificate'};

/** Who the meter is and how it is connected. */
export class Identity extends LitElement {
	static properties = {meter: {attribute: false}};
	static styles = shared;

	render() {
		const {endpoint, serial, vendor, model, zone, place, timeZone, state, connection = {}, credentials = [], line, keyNames = []} = this.meter;
		const rows = [
			['Connection', CONNECTIONS[connection.state] ?? CONNECTIONS.never],
			['Last seen', connection.lastSeen ? time(connection.lastSeen) : 'never'],
			['Channel', [connection.channel, connection.address].filter(Boolean).join(', ') || '–'],
			...(line ? [['Line', `${line.protocol}, address ${line.address || '–'} on ${line.line}`]] : []),
			['State', state],
			['Endpoint', html`<span class="mono">${endpoint}</span>`],
			['Serial', serial || '–'],
			['Vendor', [vendor, model].filter(Boolean).join(', ') || '–'],
			['Zone', zone || '–'],
			['Place', place ? `${place.latitude}, ${place.longitude}` : '–'],
			['Time zone', timeZone === 'Z' ? 'UTC' : timeZone || '–'],
			['Credentials', credentials.map(kind => CREDENTIALS[kind] ?? kind).join(', ') || 'none of its own: it connects over DTLS only while enrolment is open'],
			...(keyNames.length ? [['Protocol keys', keyNames.join(', ')]] : []),
		];
		return html`<section class="panel">
			<header><h2>Identity</h2></header>
			<dl class="body">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
		</section>`;
	}
}
customElements.define('mw-identity', Identity);
