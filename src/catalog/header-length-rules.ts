import { type HeaderRoom, headerRoom, MAX_HEADER_CHARS, signatureRoom } from '../profile/header-limits.ts';
import type { WireFormat } from '../profile/profile.ts';
import type { Complaint } from './flaws.ts';

// As much of what was published is worth sending, as a number of an order.
const MIN_CHARS_FOR_EACH = 64;

/** Headers that can come to more than a header may. It isn't part of the format's form, as with signatures. */
export function headerLengthComplaints({ headers, signatures }: WireFormat): Complaint[] {
  return [
    ...Object.entries(headers).flatMap(([name, template]) =>
      complaintsAbout(headerRoom(template), ['profile', 'headers', name]),
    ),
    ...signatures.flatMap((signature, index) =>
      complaintsAbout(signatureRoom(signature), ['profile', 'signatures', index, 'value']),
    ),
  ];
}

function complaintsAbout(
  { fixedChars, cut, charsForEach }: HeaderRoom,
  path: readonly PropertyKey[],
): Complaint[] {
  if (cut.length === 0 ? charsForEach >= 0 : charsForEach >= MIN_CHARS_FOR_EACH) return [];
  const left =
    cut.length === 0 ? '' : `, with ${MIN_CHARS_FOR_EACH} for each of ${[...new Set(cut)].join(', ')}`;
  const chars = fixedChars + cut.length * MIN_CHARS_FOR_EACH;
  return [
    { path, message: `can come to ${chars} characters${left}: a header has ${MAX_HEADER_CHARS} at most` },
  ];
}
