// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css} from 'lit';
import {hrefOf} from '../../core/pages.js';
import {shared} from '../../ui/styles.js';

const WORDS = [
	['Reading', 'What a register showed at a time: a quantity with its unit, an exact value, quality flags. Received twice, it is kept once.'],
	['Accepted', 'The gateway answered the meter positively. It does so only after the reading is on disk.'],
	['Durable', 'On disk, safe against a crash or a power cut.'],
	['Rejected', 'Refused with an error the meter was told: a malformed message, a wrong unit, an impossible time.'],
	['Interval', 'A fixed span of time, often 15, 30 or 60 minutes, for which a register owes one value.'],
	['Gap', 'An expected interval that is not there. It stays a gap in chart and table until the reading arrives; nothing is guessed.'],
	['Integrity', 'Intervals that are there ÷ intervals expected. What is expected follows from the meter’s model, not from what arrived.'],
	['Registered', 'The meter is connected and can be asked now.'],
	['Asleep', 'The meter sleeps to save its battery; a command is kept and sent at its next wake-up.'],
	['Zone', 'A feeder or base-station area whose meters share a limited line.'],
	['Endpoint', 'The name a meter registers with over LwM2M; usually its id.'],
	['Object, instance, resource', 'How LwM2M arranges what a device offers: /3/0/0 is object 3 (Device), instance 0, resource 0 (Manufacturer).'],
];
const TASKS = [
	['See how all is', html`The <a href=${hrefOf('/')}>overview</a> counts as it happens; what needs attention stands first.`],
	['Find a meter', html`<a href=${hrefOf('/meters')}>Meters</a>: search takes part of an id, serial, vendor, model or zone. The address keeps the search, so it can be sent to a colleague.`],
	['Look at its load', 'Open the meter. Choose quantity, day, week or month; Ctrl + wheel, a pinch or the + and − buttons zoom. “Values as a table” has every value exactly.'],
	['Ask the meter itself', 'Open one of its objects, press Read. Write and Execute change the device, so they ask once more.'],
	['Ask why a number is what it is', html`A meter’s page: click a value, or a point of the load curve. It tells the bytes, what they mean, and earlier versions.`],
	['Look after frames nobody understood', html`<a href=${hrefOf('/parked')}>Parked</a> says why each is there; they are tried again when a codec comes.`],
	['Mend what a codec got wrong', html`<a href=${hrefOf('/replay')}>Replay</a> decodes kept messages again: first the differences, then new values; the old ones stay visible.`],
	['Find what is missing', html`<a href=${hrefOf('/integrity')}>Integrity</a> lists the meters that miss most.`],
	['Bring in many meters', html`<a href=${hrefOf('/meters')}>Meters</a> → Import CSV. A file with a mistake changes nothing and is answered line by line.`],
	['Work without a mouse', 'Tab walks through everything; “Skip to the page” is the first stop. In the list of meters the arrow keys move and Enter opens.'],
];

/** What the words mean and how things are done here. */
export class Help extends LitElement {
	static styles = [
		shared,
		css`
			h1 {
				margin-bottom: 12px;
			}
			.columns {
				display: grid;
				grid-template-columns: 1fr 1fr;
				gap: 14px;
				align-items: start;
			}
			dl {
				grid-template-columns: minmax(110px, 3fr) 8fr;
				gap: 9px 16px;
			}
			dt {
				color: var(--mw-text);
				font-weight: 600;
			}
			dd a,
			.more a {
				text-decoration: underline;
			}
			.more {
				margin-top: 14px;
			}
			@media (max-width: 900px) {
				.columns {
					grid-template-columns: minmax(0, 1fr);
				}
			}
			@media (max-width: 640px) {
				dl {
					grid-template-columns: minmax(0, 1fr);
					gap: 2px;
				}
				dd {
					margin-bottom: 8px;
				}
			}
		`,
	];

	render() {
		const list = rows => html`<dl class="body">${rows.map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>`;
		return html`
			<h1>Help</h1>
			<div class="columns">
				<section class="panel"><header><h2>How do I …</h2></header>${list(TASKS)}</section>
				<section class="panel"><header><h2>What the words mean</h2></header>${list(WORDS)}</section>
			</div>
			<p class="hint more">
				Times are shown in this computer’s zone; rest the pointer on one to see it in UTC. All that is shown here is also served as
				JSON: <a href="/api/v1/openapi.json" target="_blank" rel="noopener">the description of the interface</a>. On the command line,
				<span class="mono">./meterway client --help</span> does the same.
			</p>
		`;
	}
}
customElements.define('mw-help', Help);
