import type { WireFormat } from '../profile/profile.ts';
import type { Template } from '../profile/template.ts';
import type { Complaint } from './flaws.ts';

/**
 * What is wrong with the way a wire format signs. Receivers must be able to tell who has sent a body, and that nobody
 * has changed it: there must be a signature, it must be in its header, and it must cover the body. It isn't part of the
 * format's form: presets that were taken before stay readable.
 */
export function signatureComplaints({ signatures }: WireFormat): Complaint[] {
  const path = ['profile', 'signatures'];
  if (signatures.length === 0) {
    return [{ path, message: "is empty: receivers couldn't tell who sends. It must hold a signature" }];
  }
  return signatures.flatMap(({ content, each, value }, index) => [
    ...missing(content, 'body', [...path, index, 'content'], "the body isn't signed"),
    ...missing(each, 'signature', [...path, index, 'each'], 'the signature is sent nowhere'),
    ...missing(value, 'signatures', [...path, index, 'value'], 'the signatures are sent nowhere'),
  ]);
}

function missing(
  template: Template,
  name: string,
  path: readonly PropertyKey[],
  consequence: string,
): Complaint[] {
  if (template.parts.some(({ reference }) => reference === name)) return [];
  return [{ path, message: `must have {${name}} in it: ${consequence}` }];
}
