import { processorTimeMs } from './budget.ts';
import type { PayloadError, PayloadErrorCode } from './failure.ts';
import { PAYLOAD_LIMITS } from './limits.ts';
import {
  type CompiledPayload,
  compilePayload,
  type PayloadSource,
  type PayloadTemplate,
  type RenderOptions,
  renderPayload,
} from './payload.ts';

/** What is wrong with the body that one sample gives. */
export interface SampleProblem<S extends PayloadSource> {
  readonly error: PayloadError;
  readonly sample: S;
}

/**
 * Renders a template from samples until one doesn't give a valid body. Samples that are left when the time of one
 * rendering has gone by are passed over, so that templates that cost much hold up nobody.
 *
 * @param payload as `checkPayload` has accepted it
 * @returns undefined if no sample shows anything wrong
 */
export function checkSamples<S extends PayloadSource>(
  payload: PayloadTemplate,
  samples: readonly S[],
  options: RenderOptions = {},
): SampleProblem<S> | undefined {
  const { now = processorTimeMs, limits } = options;
  const compiled = compilePayload(payload, limits);
  if ('errors' in compiled) throw new Error('a template is checked before samples are');
  const endMs = now() + (limits?.renderTimeMs ?? PAYLOAD_LIMITS.renderTimeMs);
  for (const sample of samples) {
    if (now() > endMs) return undefined;
    const rendered = renderPayload(compiled, sample, options);
    if ('error' in rendered) return { error: rendered.error, sample };
  }
  return undefined;
}

/** Those that more data doesn't mend. */
const HOPELESS: ReadonlySet<PayloadErrorCode> = new Set<PayloadErrorCode>([
  'invalid_json',
  'invalid_xml',
  'output_misplaced',
  'work_limit',
  'body_too_large',
]);

/**
 * Renders a template from data nobody publishes, where no sample is known: told is only what is wrong whatever the
 * data. A body that is empty may be so because the template waits for what isn't there.
 *
 * @param payload as `checkPayload` has accepted it
 */
export function checkWithoutSample<S extends PayloadSource>(
  payload: PayloadTemplate,
  sample: S,
  options: RenderOptions = {},
): SampleProblem<S> | undefined {
  const problem = checkSamples(payload, [sample], options);
  if (problem === undefined || !HOPELESS.has(problem.error.code)) return undefined;
  return isBlank(payload, sample, options) ? undefined : problem;
}

function isBlank(payload: PayloadTemplate, sample: PayloadSource, options: RenderOptions): boolean {
  const plain = compilePayload({ ...payload, mimeType: 'text/plain' }, options.limits);
  const rendered = renderPayload(plain as CompiledPayload, sample, options);
  return 'body' in rendered && rendered.body.trim() === '';
}
