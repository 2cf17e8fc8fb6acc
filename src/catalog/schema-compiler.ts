import { Ajv2020 } from 'ajv/dist/2020.js';
import { addFormats } from './formats.ts';
import { patternOf } from './known-patterns.ts';
import { addMeter } from './metered-schema.ts';
import { addUniqueItems } from './unique-items.ts';

/** What schemas are held to. */
export const STRICT = {
  strict: true,
  // A value that may be null is the rule here, and a list of required names may name what isn't described.
  allowUnionTypes: true,
  strictRequired: false,
  strictTypes: false,
  strictTuples: false,
  // To find a name that a pattern matches, it would be matched by the engine at hand, which knows no bound.
  allowMatchingProperties: true,
  logger: false,
  // What all objects have is not a member of the data.
  ownProperties: true,
} as const;

/**
 * Makes a compiler, which forgets nothing that it is given.
 *
 * @param allErrors whether its validators go on after the first
 */
export function createCompiler(allErrors: boolean): Ajv2020 {
  const compiler = new Ajv2020({
    ...STRICT,
    allErrors,
    validateSchema: false,
    // Written into each place that refers to it, a definition would make code without bound.
    inlineRefs: false,
    code: { regExp: linearPattern },
  });
  addFormats(compiler);
  addUniqueItems(compiler);
  addMeter(compiler);
  // It says nothing itself: references find it.
  compiler.addKeyword('$anchor');
  return compiler;
}

/** In the place of the engine at hand, which goes back and forth in a text for as long as a pattern lets it. */
const linearPattern = Object.assign(
  (source: string, flags: string) => {
    const pattern = patternOf(source, flags);
    if (typeof pattern !== 'string') {
      return { test: (text: string) => pattern.test(text), toString: () => `/${source}/${flags}` };
    }
    throw new Error(
      `the pattern ${JSON.stringify(source.slice(0, 100))} ${pattern}, and can't be matched in linear time ` +
        '[pattern_not_linear]',
    );
  },
  { code: 'linearPattern' },
);
