import { performance } from 'node:perf_hooks';
import type { DuePosition } from '../store/due-walk.ts';

// A search of a long backlog takes long: what nobody has told of may wait for so many times that.
const REST_FACTOR = 20;

/** How far the database has been searched for what is due for one webhook. */
export class LoadProgress {
  /** Where the next load goes on; undefined: it begins with what has been due for longest. */
  #after: DuePosition | undefined;
  #behind = false;
  /** Whether something was left to the database that the search may have gone past. */
  #skipped = false;
  /** Whether something has come that no search has begun to look for. */
  #hasNews = true;
  #begunAt = 0;
  #restsUntil = 0;

  /** Whether all that was due was looked at a moment ago, as long as that took. */
  get isResting(): boolean {
    return !this.isIncomplete && performance.now() < this.#restsUntil;
  }

  get after(): DuePosition | undefined {
    return this.#after;
  }

  /** Whether the database may have more that is due. */
  get behind(): boolean {
    return this.#behind;
  }

  /** Whether there may be something to load: also what isn't due as far as is known. */
  get isIncomplete(): boolean {
    return this.#behind || this.#hasNews;
  }

  /** Whether a part of what is due hasn't been looked at. */
  get isUnfinished(): boolean {
    return this.#after !== undefined || this.#hasNews;
  }

  /** Something is left to the database. */
  skip(): void {
    this.#behind = true;
    this.#skipped = true;
  }

  /** Something has changed in the database. */
  hearNews(): void {
    this.#hasNews = true;
  }

  begin(): void {
    if (this.#after !== undefined) return;
    this.#skipped = this.#hasNews = false;
    this.#begunAt = performance.now();
  }

  /**
   * @param all whether all was taken that was found
   * @param end where the search ended, if that is before the end of what is due
   */
  end(all: boolean, end: DuePosition | undefined): void {
    if (all) this.#after = end;
    this.#behind = !all || this.#skipped || this.isUnfinished;
    const now = performance.now();
    if (!this.#behind) this.#restsUntil = now + REST_FACTOR * (now - this.#begunAt);
  }

  /** All that was loaded is forgotten. */
  startOver(): void {
    this.#after = undefined;
    this.#hasNews = true;
  }
}
