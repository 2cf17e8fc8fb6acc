import type { WireFormat } from '../profile/profile.ts';
import { csharpExample } from './csharp.ts';
import { goExample } from './go.ts';
import { javaExample } from './java.ts';
import { nodeExample } from './node.ts';
import { phpExample } from './php.ts';
import { type Plan, planOf } from './plan.ts';
import { pythonExample } from './python.ts';
import { rubyExample } from './ruby.ts';

/** In the order they are offered. */
const EXAMPLES = {
  node: { title: 'Node.js (Express)', file: 'webhooks.mjs', write: nodeExample },
  python: { title: 'Python (Flask)', file: 'webhooks.py', write: pythonExample },
  php: { title: 'PHP', file: 'webhooks.php', write: phpExample },
  ruby: { title: 'Ruby (Rack)', file: 'webhooks.rb', write: rubyExample },
  go: { title: 'Go', file: 'webhooks.go', write: goExample },
  java: { title: 'Java', file: 'Webhooks.java', write: javaExample },
  csharp: { title: 'C# (ASP.NET Core)', file: 'Webhooks.cs', write: csharpExample },
} as const satisfies Record<string, { title: string; file: string; write: (plan: Plan) => string }>;

export type ExampleLanguage = keyof typeof EXAMPLES;
export const EXAMPLE_LANGUAGES = Object.keys(EXAMPLES) as [ExampleLanguage, ...ExampleLanguage[]];

/** A program that verifies webhooks of one wire format and receives them. */
export interface CodeExample {
  readonly language: ExampleLanguage;
  /** The language, and the framework where one is needed. */
  readonly title: string;
  /** What the file may be called. */
  readonly file: string;
  readonly code: string;
}

/**
 * Receivers for a wire format, ready to be used.
 *
 * @param languages those that are wanted
 * @returns undefined if no receiver could verify it: what is signed is not all in the body and the headers
 */
export function codeExamples(
  format: WireFormat,
  languages: readonly ExampleLanguage[] = EXAMPLE_LANGUAGES,
): readonly CodeExample[] | undefined {
  const plan = planOf(format);
  return (
    plan &&
    languages.map((language) => {
      const { title, file, write } = EXAMPLES[language];
      return { language, title, file, code: write(plan) };
    })
  );
}
