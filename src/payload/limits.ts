/** What one template may cost. */
export interface PayloadLimits {
  /** Of the template, in UTF-8. */
  readonly templateBytes: number;
  /** Tags and ranges inside each other. */
  readonly nesting: number;
  /** Processor time of one rendering. */
  readonly renderTimeMs: number;
  /** Characters and steps of one rendering, all it makes on the way included (see budget.ts). */
  readonly work: number;
  /** Of the rendered body, in UTF-8. */
  readonly bodyBytes: number;
}

export const PAYLOAD_LIMITS: PayloadLimits = {
  templateBytes: 64 * 1024,
  nesting: 32,
  renderTimeMs: 250,
  work: 4_000_000,
  bodyBytes: 1024 * 1024,
};

/** A date or number format longer than this is a mistake. */
export const MAX_FORMAT_LENGTH = 100;
