// SPDX-License-Identifier: EPL-2.0
import {get} from '../../core/rest.js';

export const PAGE = 100;

/**
 * A grid asks for page 7, the gateway only knows "the page after this one": keeps the cursors met so far and fetches the
 * pages in between one after the other. The grid therefore grows as it is scrolled; 100,000 meters cost what is looked at.
 */
export class Pager {
	/** @param {Record<string, string>} filter search, zone, state, sort */
	constructor(filter) {
		this.filter = filter;
		this.abort = new AbortController();
		/** Cursor of each page met; null starts. */
		this.cursors = [null];
		this.chain = Promise.resolve();
		this.size = PAGE;
		this.complete = false;
		this.total = undefined;
	}

	/** @returns {Promise<{items: any[], size: number}>} size: how many rows the grid may show by now */
	page(number) {
		const answer = this.chain.then(() => this.#fetch(number));
		this.chain = answer.catch(() => undefined);
		return answer;
	}

	close() {
		this.abort.abort();
	}

	async #fetch(wanted) {
		while (this.cursors.length <= wanted && !this.complete) await this.#one(this.cursors.length - 1);
		if (this.cursors.length <= wanted) return {items: [], size: this.size};
		return {items: await this.#one(wanted), size: this.size};
	}

	async #one(number) {
		const cursor = this.cursors[number];
		const {items, next, total} = await get(
			'/meters',
			{...this.filter, limit: PAGE, cursor},
			{signal: this.abort.signal},
		);
		this.total = total ?? this.total;
		if (next === null || next === undefined) {
			this.complete = true;
			this.size = number * PAGE + items.length;
		} else if (number === this.cursors.length - 1) {
			this.cursors.push(next);
			this.size = (number + 2) * PAGE;
		}
		return items;
	}
}
