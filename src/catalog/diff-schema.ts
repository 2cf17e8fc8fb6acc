import { schemasIn } from './describe/subschemas.ts';
import { breaks, type Finding, HERE, isBreaking, joinPath, keeps } from './diff-finding.ts';
import { compareMembers } from './diff-members.ts';
import { compareRules, type Sided } from './diff-rules.ts';
import { type Forms, isFree, type Shape, ShapeReader, typeText } from './diff-shape.ts';
import {
  compareNothing,
  compareNullAlone,
  compareTexts,
  compareTypes,
  compareValues,
} from './diff-values.ts';
import type { JsonSchema } from './preset-file.ts';

// What refers to itself is followed round once; what comes back as something new each time, this deep and this often.
const MAX_DEPTH = 64;
const MAX_COMPARISONS = 20_000;
// Of one difference in a schema that is referred to from everywhere, nobody wants to read more.
const MAX_FINDINGS = 1_000;
// What is found in a schema is told again wherever that is referred to: so many are as much work as a comparison.
const FINDINGS_PER_COMPARISON = 10;

/** Compares two schemas that stand at this place below those the comparison has come to. */
export type Compare = (old: JsonSchema, next: JsonSchema, place: string) => Finding[];

/**
 * Tells what a receiver of values of one schema meets when they become those of another.
 *
 * @returns the differences, in the order of the old schema; none if it is the same
 */
export function diffSchemas(old: JsonSchema, next: JsonSchema): Finding[] {
  return new Walk(old, next).compare(old, next, HERE);
}

class Walk {
  readonly #old: ShapeReader;
  readonly #next: ShapeReader;
  /** The comparisons under way: of what comes back, the answer is being found already. */
  readonly #underWay = new PairMap<true>();
  /** What was found, by what was compared. */
  readonly #known = new PairMap<readonly Finding[]>();
  #depth = 0;
  #count = 0;
  /** How often something came back. What was found then holds in that place alone. */
  #returns = 0;

  constructor(old: JsonSchema, next: JsonSchema) {
    this.#old = new ShapeReader(old);
    this.#next = new ShapeReader(next);
  }

  readonly compare: Compare = (old, next, place) => {
    const pair = [this.#old.formsOf(old), this.#next.formsOf(next)] as const;
    if (this.#underWay.get(pair)) {
      this.#returns += 1;
      return [];
    }
    const found = this.#known.get(pair) ?? this.#find(pair, old, next);
    this.#count += found.length / FINDINGS_PER_COMPARISON;
    return found.map((one) => ({ ...one, path: joinPath(place, one.path) }));
  };

  #find(pair: Pair, old: JsonSchema, next: JsonSchema): readonly Finding[] {
    if (this.#depth >= MAX_DEPTH || this.#count >= MAX_COMPARISONS) {
      if (this.#old.textOf(old) === this.#next.textOf(next)) return [];
      return [
        breaks(HERE, 'not_compared', 'is not compared: the schemas are nested too deeply or too often'),
      ];
    }
    const returns = this.#returns;
    this.#underWay.set(pair, true);
    this.#depth += 1;
    this.#count += 1;
    const findings = bounded(this.#compareForms(...pair));
    this.#depth -= 1;
    this.#underWay.delete(pair);
    if (returns === this.#returns) this.#known.set(pair, findings);
    return findings;
  }

  #compareForms(was: Forms, is: Forms): Finding[] {
    const [from, to] = [typeText(was), typeText(is)];
    if (to === 'nothing' || from === 'nothing') return compareNothing(from, to);
    if (isFree(was) && isFree(is)) return [];
    if (isFree(is)) return [breaks(HERE, 'type_widened', `may be anything, and was ${from}`, from, to)];
    if (isFree(was)) return [keeps(HERE, 'type_narrowed', `is ${to}, and could be anything`, from, to)];
    const findings = this.#compareShapes(was, is);
    if (was.nullable === is.nullable) return findings;
    return is.nullable
      ? [breaks(HERE, 'nullable', 'may be null, and never was', from, to), ...findings]
      : [keeps(HERE, 'never_null', 'is never null, and could be', from, to), ...findings];
  }

  #compareShapes(was: Forms, is: Forms): Finding[] {
    const [only, ...others] = was.shapes;
    const [one, ...more] = is.shapes;
    if (!only || !one) return compareNullAlone(was, is);
    if (others.length === 0 && more.length === 0) return this.#compareShape(only, one);
    const findings = is.shapes.flatMap((shape) => this.#compareToClosest(was, shape));
    if (findings.length === 0 && was.shapes.length > is.shapes.length) {
      const [from, to] = [was.shapes.length, is.shapes.length];
      return [keeps(HERE, 'type_narrowed', `has alternatives fewer: ${to}, and had ${from}`, from, to)];
    }
    return withoutRepeats(findings);
  }

  /** Holds a form against that old one of which the least breaks. */
  #compareToClosest(was: Forms, shape: Shape): Finding[] {
    const all = was.shapes.map((old) => this.#compareShape(old, shape));
    const weight = (findings: readonly Finding[]) =>
      findings.filter(({ breaking }) => breaking).length * MAX_COMPARISONS + findings.length;
    const [closest = []] = all.sort((a, b) => weight(a) - weight(b));
    if (!isBreaking(closest)) return closest.filter(({ change }) => change !== 'type_narrowed');
    const [first] = closest;
    if (first?.change !== 'type_changed' || first.path !== HERE) return closest;
    const from = typeText({ ...was, nullable: false });
    return [breaks(HERE, 'type_widened', `may be ${first.to} too, and was ${from}`, from, first.to)];
  }

  #compareShape(was: Shape, is: Shape): Finding[] {
    const types = compareTypes(was, is);
    if (types.some(({ change }) => change === 'type_changed')) return types;
    const old: Sided = { shape: was, reader: this.#old };
    if (was.values || is.values) return [...compareValues(old, is), ...compareTexts(was, is)];
    const next: Sided = { shape: is, reader: this.#next };
    const findings = [...types, ...compareRules(old, next), ...compareTexts(was, is)];
    if (was.types.has('array') && is.types.has('array')) findings.push(...this.#compareItems(was, is));
    if (was.types.has('object') && is.types.has('object')) {
      findings.push(...compareMembers(old, next, this.compare));
    }
    return findings;
  }

  #compareItems({ keywords: was }: Shape, { keywords: is }: Shape): Finding[] {
    const [first, second] = [schemasIn(was.prefixItems), schemasIn(is.prefixItems)];
    const [oldRest, rest] = [was.items ?? true, is.items ?? true] as [JsonSchema, JsonSchema];
    const places = Array.from({ length: Math.max(first.length, second.length) }, (_, index) => index);
    return [
      ...places.flatMap((at) => this.compare(first[at] ?? oldRest, second[at] ?? rest, `[${at}]`)),
      ...this.compare(oldRest, rest, '[]'),
    ];
  }
}

type Pair = readonly [was: Forms, is: Forms];

class PairMap<T> {
  readonly #values = new Map<Forms, Map<Forms, T>>();

  get([was, is]: Pair): T | undefined {
    return this.#values.get(was)?.get(is);
  }

  set([was, is]: Pair, value: T): void {
    const others = this.#values.get(was) ?? new Map<Forms, T>();
    this.#values.set(was, others.set(is, value));
  }

  delete([was, is]: Pair): void {
    this.#values.get(was)?.delete(is);
  }
}

function bounded(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MAX_FINDINGS) return findings;
  const tell = isBreaking(findings.slice(MAX_FINDINGS)) ? breaks : keeps;
  const more = tell(HERE, 'not_compared', 'has more differences, which are not told');
  return [...findings.slice(0, MAX_FINDINGS), more];
}

function withoutRepeats(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((one) => [JSON.stringify([one.path, one.message]), one])).values()];
}
