export type PayloadErrorCode =
  | 'template_too_large'
  | 'template_syntax'
  | 'tag_not_available'
  | 'filter_not_available'
  | 'nesting_too_deep'
  | 'loop_only_range'
  | 'field_not_closed'
  | 'field_malformed'
  | 'format_malformed'
  | 'range_malformed'
  | 'range_not_closed'
  | 'range_mismatch'
  | 'doctype_not_allowed'
  | 'data_malformed'
  | 'time_limit'
  | 'work_limit'
  | 'body_too_large'
  | 'filter_failed'
  | 'render_failed'
  | 'output_misplaced'
  | 'invalid_json'
  | 'invalid_xml';

/**
 * The values in a message; `why` tells apart what one code says of different things, and `said` is what the library says, in
 * its own words.
 */
export type PayloadParams = Readonly<Record<string, string | number>>;

/** What is wrong with a template, or with what it yields, and where in the template; both counted from 1. */
export interface PayloadError {
  readonly code: PayloadErrorCode;
  readonly message: string;
  /** Absent: the message holds none. */
  readonly params?: PayloadParams;
  readonly line: number | null;
  readonly column: number | null;
}

/**
 * An expected failure while a template is read or rendered. It is thrown only because the Liquid library stands
 * between the place that finds it and the edge of this part, where it becomes a PayloadError.
 */
export class PayloadFailure extends Error {
  readonly code: PayloadErrorCode;
  readonly params: PayloadParams | undefined;
  /** Where in the template; null until somebody knows. */
  offset: number | null;

  constructor(
    code: PayloadErrorCode,
    message: string,
    offset: number | null = null,
    params: PayloadParams | undefined = undefined,
  ) {
    super(message);
    this.name = 'PayloadFailure';
    this.code = code;
    this.params = params;
    this.offset = offset;
  }
}

/** A failure as the account sees it. */
export function toPayloadError(failure: PayloadFailure, template: string): PayloadError {
  const { code, message, offset, params } = failure;
  const said = { code, message, ...(params && { params }) };
  if (offset === null) return { ...said, line: null, column: null };
  const before = template.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { ...said, line: before.split('\n').length, column: offset - lineStart + 1 };
}
