import { breaks, type Finding, HERE, keeps, listed } from './diff-finding.ts';
import { includesType, valuesWithout } from './diff-merge.ts';
import type { Sided } from './diff-rules.ts';
import { type Forms, type Shape, type TypeName, typeText } from './diff-shape.ts';
import { compileSchema } from './schema.ts';

/** Where one side, or both, can't be at all. */
export function compareNothing(from: string, to: string): Finding[] {
  if (from === to) return [];
  return from === 'nothing'
    ? [breaks(HERE, 'type_widened', `may be ${to}, and could not be at all`, from, to)]
    : [keeps(HERE, 'type_narrowed', `can't be any more, and was ${from}`, from, to)];
}

/** Where one side, or both, can be null and nothing else. */
export function compareNullAlone(was: Forms, is: Forms): Finding[] {
  if (was.shapes.length === is.shapes.length) return [];
  const [from, to] = [typeText(was), typeText(is)];
  return is.shapes.length > 0
    ? [breaks(HERE, 'type_changed', `was ${from}, and is ${to}`, from, to)]
    : [keeps(HERE, 'type_narrowed', `is null alone, and was ${from}`, from, to)];
}

/** What is told to people. */
export function compareTexts({ keywords: was }: Shape, { keywords: is }: Shape): Finding[] {
  const findings: Finding[] = [];
  if (is.deprecated === true && was.deprecated !== true) {
    findings.push(keeps(HERE, 'deprecated', 'is deprecated now', false, true));
  }
  const [from, to] = [was.description, is.description];
  if (from !== to) findings.push(keeps(HERE, 'description_changed', 'has another description', from, to));
  return findings;
}

/** Compares types: of two forms that have none in common, nothing else can be compared. */
export function compareTypes(was: Shape, is: Shape): Finding[] {
  const added = [...is.types].filter((type) => !includesType(was.types, type));
  const lost = [...was.types].filter((type) => !includesType(is.types, type));
  const [from, to] = [namesOf(was.types), namesOf(is.types)];
  const isWider = is.types.has('number') && was.types.has('integer');
  if (added.length === is.types.size && !isWider) {
    return [breaks(HERE, 'type_changed', `was ${from}, and is ${to}`, from, to)];
  }
  if (added.length > 0) return [breaks(HERE, 'type_widened', `was ${from}, and may be ${to}`, from, to)];
  return lost.length > 0 ? [keeps(HERE, 'type_narrowed', `is ${to}, and was ${from}`, from, to)] : [];
}

/** Compares forms of which one, or both, can have certain values only. */
export function compareValues(old: Sided, is: Shape): Finding[] {
  const [from, to] = [old.shape.values, is.values];
  if (!to) {
    const message = `may be any ${namesOf(is.types)}, and was ${listed(from ?? [])}`;
    return [breaks(HERE, 'values_added', message, from, to)];
  }
  const odd = from ? valuesWithout(to, from) : notAllowed(old, to);
  if (odd.length > 0) {
    return [breaks(HERE, 'values_added', newValuesText(odd, from, to), from, to)];
  }
  if (!from) return [keeps(HERE, 'values_removed', `is always ${listed(to)}`, from, to)];
  const lost = valuesWithout(from, to);
  return lost.length > 0 ? [keeps(HERE, 'values_removed', `is never ${listed(lost)} now`, from, to)] : [];
}

function newValuesText(
  odd: readonly unknown[],
  from: readonly unknown[] | undefined,
  to: readonly unknown[],
): string {
  if (!from) return `may be ${listed(odd)}, and never was`;
  if (odd.length === to.length) return `is ${listed(to)}, and was ${listed(from)}`;
  return `may be ${listed(odd)} too, and never was`;
}

/** Of certain values, those that weren't allowed when there was no list of them. */
function notAllowed({ shape, reader }: Sided, values: readonly unknown[]): unknown[] {
  const judge = compileSchema(reader.schemaOf(shape));
  return values.filter((value) => judge(value).length > 0);
}

function namesOf(types: ReadonlySet<TypeName>): string {
  return typeText({ nullable: false, shapes: [{ types, values: undefined, keywords: {} }] });
}
