import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SRC = resolve(ROOT, 'src');
const MAX_LINES = 300;

/**
 * The house of DESIGN.md: which part of src may import which, beside itself. A part is a folder, or a file that
 * lies in src itself; `db/outage.ts` opens that one file and no other of the folder. `types` are for
 * `import type` alone. A new part is a new line here, and a decision.
 */
const ARROWS: Record<string, { readonly imports: readonly string[]; readonly types?: readonly string[] }> = {
  // Nothing of ours.
  'clock.ts': { imports: [] },
  'fair-places.ts': { imports: [] },
  'rounds.ts': { imports: [], types: ['clock.ts'] },
  'errors.ts': { imports: [] },
  'ids.ts': { imports: [] },
  'verify.ts': { imports: [] },
  'version.ts': { imports: [] },
  'json-source.ts': { imports: ['errors.ts'] },
  'event-pattern.ts': { imports: [] },
  condition: { imports: [] },
  payload: { imports: [] },
  profile: { imports: ['event-pattern.ts', 'json-source.ts', 'version.ts'] },
  'code-examples': { imports: [], types: ['profile'] },
  egress: { imports: ['errors.ts'] },
  auth: { imports: ['profile/header-rules.ts', 'version.ts'], types: ['clock.ts', 'egress'] },

  // The ground.
  'config.ts': { imports: ['branding.ts', 'egress/address.ts', 'errors.ts', 'mail-config.ts'] },
  'branding.ts': { imports: ['errors.ts'] },
  'mail-config.ts': { imports: ['errors.ts'] },
  'base-url.ts': { imports: [], types: ['config.ts'] },
  'input.ts': { imports: ['errors.ts'] },
  'log.ts': { imports: [], types: ['config.ts'] },
  db: { imports: ['errors.ts'], types: ['config.ts'] },
  secrets: { imports: ['errors.ts'], types: ['config.ts'] },
  store: { imports: ['db/prepared.ts'], types: ['db/database.ts'] },

  // What event types there are, in the files that come along and in the database.
  catalog: {
    imports: ['errors.ts', 'event-pattern.ts', 'json-source.ts', 'profile', 'store'],
    types: ['db/database.ts'],
  },

  // Who does what over the API, and what is written down of it.
  audit: { imports: ['ids.ts', 'store'], types: ['clock.ts', 'db/database.ts'] },

  // Waybill's parts: the only others that reach the store.
  publish: {
    imports: [
      'catalog',
      'condition',
      'db/outage.ts',
      'errors.ts',
      'event-pattern.ts',
      'fair-places.ts',
      'ids.ts',
      'input.ts',
      'json-source.ts',
      'store',
    ],
    types: ['clock.ts', 'config.ts', 'db/database.ts'],
  },
  dispatch: {
    imports: [
      'auth/authorize.ts',
      'db/outage.ts',
      'egress/tls-identity.ts',
      'ids.ts',
      'payload',
      'profile',
      'store',
    ],
    types: ['auth', 'clock.ts', 'config.ts', 'db/database.ts', 'egress', 'publish', 'secrets'],
  },
  manage: {
    imports: [
      'audit',
      'auth/authorize.ts',
      'auth/settings.ts',
      'auth/view.ts',
      'catalog',
      'condition',
      'db/outage.ts',
      'dispatch/delivery.ts',
      'dispatch/live-webhook.ts',
      'dispatch/prepare-batch.ts',
      'dispatch/remake.ts',
      'dispatch/retry.ts',
      'egress/authorities.ts',
      'egress/client-identity.ts',
      'egress/url.ts',
      'errors.ts',
      'event-pattern.ts',
      'fair-places.ts',
      'ids.ts',
      'input.ts',
      'json-source.ts',
      'observe',
      'payload',
      'profile',
      'publish/event.ts',
      'publish/in-use.ts',
      'replay/selection.ts',
      'rounds.ts',
      'store',
      'version.ts',
    ],
    types: ['clock.ts', 'config.ts', 'db/database.ts', 'egress', 'publish', 'secrets'],
  },
  people: {
    imports: ['audit', 'base-url.ts', 'errors.ts', 'ids.ts', 'input.ts', 'secrets', 'store'],
    types: ['clock.ts', 'config.ts', 'db/database.ts'],
  },
  replay: {
    imports: ['condition', 'db/outage.ts', 'event-pattern.ts', 'ids.ts', 'store'],
    types: ['clock.ts', 'db/database.ts'],
  },
  observe: {
    imports: ['db/outage.ts', 'rounds.ts', 'store'],
    types: ['clock.ts', 'db/database.ts', 'dispatch/dispatch-state.ts', 'mail-config.ts'],
  },
  'maintenance.ts': {
    imports: ['db/migrate.ts', 'db/outage.ts', 'store'],
    types: ['clock.ts', 'db/database.ts'],
  },

  // What wires them, and what stands above.
  'watches.ts': {
    imports: ['base-url.ts', 'manage', 'observe'],
    types: ['clock.ts', 'config.ts', 'db/database.ts'],
  },
  'waybill-options.ts': { imports: [], types: ['clock.ts', 'config.ts', 'egress'] },
  'waybill.ts': {
    imports: [
      'audit',
      'auth',
      'catalog',
      'clock.ts',
      'config.ts',
      'db',
      'dispatch',
      'egress',
      'errors.ts',
      'ids.ts',
      'log.ts',
      'maintenance.ts',
      'manage',
      'observe',
      'people',
      'publish',
      'replay',
      'secrets',
      'store',
      'watches.ts',
      'waybill-options.ts',
    ],
  },
  http: {
    imports: [
      'audit/actor.ts',
      'catalog',
      'code-examples',
      'db/outage.ts',
      'errors.ts',
      'event-pattern.ts',
      'ids.ts',
      'input.ts',
      'json-source.ts',
      'manage',
      'people',
      'publish',
      'version.ts',
    ],
    types: ['config.ts', 'waybill.ts'],
  },
  'server.ts': { imports: ['http'], types: ['waybill.ts'] },
  cli: {
    imports: [
      'catalog',
      'clock.ts',
      'config.ts',
      'db',
      'errors.ts',
      'ids.ts',
      'log.ts',
      'secrets',
      'server.ts',
      'verify.ts',
      'version.ts',
      'waybill.ts',
    ],
    types: ['manage', 'publish'],
  },
  'index.ts': {
    imports: ['errors.ts', 'waybill.ts'],
    types: ['catalog', 'clock.ts', 'config.ts', 'db/database.ts', 'manage', 'publish'],
  },
};

/** Packages that one part keeps to itself, so that nothing else depends on them. */
const PACKAGES: Record<string, readonly string[]> = {
  ajv: ['catalog'],
  'ajv-formats': ['catalog'],
  '@electric-sql/pglite': ['db'],
  '@hono/node-server': ['server.ts', 'http'],
  '@hono/zod-openapi': ['http'],
  'better-auth': ['people'],
  commander: ['cli'],
  hono: ['http'],
  'ipaddr.js': ['egress'],
  liquidjs: ['payload'],
  nodemailer: ['observe'],
  pg: ['db'],
  'prom-client': ['observe'],
  saxes: ['payload'],
  undici: ['egress'],
  uuid: ['ids.ts'],
};

interface Import {
  /** As written: `../errors.ts`, `node:fs`, `zod`. */
  readonly specifier: string;
  readonly typeOnly: boolean;
}

interface SourceFile {
  /** Below src, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const STATEMENT = /^(?:import|export)\s+(type\s+)?(?:[\w*{][^;'"]*?\s+from\s+)?['"]([^'"]+)['"]/gm;
const DYNAMIC = /\b(?:import|require)\(\s*['"]([^'"]+)['"]/g;

function importsOf(text: string): Import[] {
  const statements = [...text.matchAll(STATEMENT)].map(([, type, specifier]) => ({
    specifier: specifier as string,
    typeOnly: type !== undefined,
  }));
  const dynamic = [...text.matchAll(DYNAMIC)].map(([, specifier]) => ({
    specifier: specifier as string,
    typeOnly: false,
  }));
  return [...statements, ...dynamic];
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}

const everything: SourceFile[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.[cm]?[jt]sx?$/.test(path))
  .map((path) => {
    const text = readFileSync(resolve(SRC, path), 'utf8');
    return { path: slashed(path), text, imports: importsOf(text) };
  });
const files = everything.filter((file) => !file.path.endsWith('.test.ts'));

function isOurs(specifier: string): boolean {
  return specifier.startsWith('.');
}

/** Where an import of ours leads, relative to src: `errors.ts`, or `../test/…` if it leads out. */
function targetOf(file: SourceFile, specifier: string): string {
  return slashed(relative(SRC, resolve(SRC, dirname(file.path), specifier)));
}

function partOf(path: string): string {
  return path.split('/')[0] as string;
}

/** Whether `allowed` names the target, or the folder it lies in. */
function covers(allowed: readonly string[], target: string): boolean {
  return allowed.includes(target) || allowed.includes(partOf(target));
}

/** Files that import each other at run time, one after the other round to the first; undefined if there are none. */
function findCycle(): string[] | undefined {
  const edges = new Map(
    files.map((file) => [
      file.path,
      file.imports
        .filter((one) => isOurs(one.specifier) && !one.typeOnly)
        .map((one) => targetOf(file, one.specifier)),
    ]),
  );
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const next of edges.get(path) ?? []) {
      const cycle = visit(next, [...trail, path]);
      if (cycle) return cycle;
    }
    done.add(path);
    return undefined;
  };
  for (const path of edges.keys()) {
    const cycle = visit(path, []);
    if (cycle) return cycle;
  }
  return undefined;
}

describe('how imports are read', () => {
  it('finds every form of them', () => {
    const text = [
      "import a from './a.ts';",
      "import type { B } from './b.ts';",
      "import * as c from './c.ts';",
      "import {\n  type D,\n  d,\n} from './d.ts';",
      "import './e.ts';",
      "export { f } from './f.ts';",
      "export type { G } from './g.ts';",
      "export * from './h.ts';",
      "const i = await import('./i.ts');",
      "export const from = 'nowhere';",
    ].join('\n');
    const found = importsOf(text).map(({ specifier, typeOnly }) => `${specifier}${typeOnly ? ' type' : ''}`);
    expect(found).toEqual([
      './a.ts',
      './b.ts type',
      './c.ts',
      './d.ts',
      './e.ts',
      './f.ts',
      './g.ts type',
      './h.ts',
      './i.ts',
    ]);
  });

  it('and reads the whole house', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.flatMap((file) => file.imports).length).toBeGreaterThan(200);
  });
});

describe('arrows point one way', () => {
  it('every part of src has its line in the table', () => {
    const parts = [...new Set(files.map((file) => partOf(file.path)))];
    expect(parts.filter((part) => !(part in ARROWS))).toEqual([]);
  });

  it('no part imports what the table does not allow it', () => {
    const wrong = files.flatMap((file) => {
      const part = partOf(file.path);
      const { imports, types = [] } = ARROWS[part] ?? { imports: [] };
      return file.imports
        .filter((one) => isOurs(one.specifier))
        .map((one) => ({ ...one, target: targetOf(file, one.specifier) }))
        .filter(({ target, typeOnly }) => {
          if (part === partOf(target)) return false;
          return !covers(imports, target) && !(typeOnly && covers(types, target));
        })
        .map(({ target, typeOnly }) => `${file.path} → ${target}${typeOnly ? ' (type)' : ''}`);
    });
    expect(wrong).toEqual([]);
  });

  it('no files import each other in a circle', () => {
    expect(findCycle()).toBeUndefined();
  });

  it('nothing in src imports from outside of it, tests apart', () => {
    const outside = files.flatMap((file) =>
      file.imports
        .filter((one) => isOurs(one.specifier) && targetOf(file, one.specifier).startsWith('..'))
        .map((one) => `${file.path} → ${one.specifier}`),
    );
    expect(outside).toEqual([]);
  });

  it('nothing imports a test', () => {
    const tests = everything.flatMap((file) =>
      file.imports
        .filter((one) => one.specifier.includes('.test.'))
        .map((one) => `${file.path} → ${one.specifier}`),
    );
    expect(tests).toEqual([]);
  });

  it('our own imports name the file, with its ending', () => {
    const known = new Set(everything.map((file) => file.path));
    const vague = files.flatMap((file) =>
      file.imports
        .filter((one) => isOurs(one.specifier) && !known.has(targetOf(file, one.specifier)))
        .map((one) => `${file.path} → ${one.specifier}`),
    );
    expect(vague).toEqual([]);
  });

  it('a package belongs to the part that uses it', () => {
    const strays = files.flatMap((file) =>
      file.imports.flatMap(({ specifier }) => {
        const owner = Object.keys(PACKAGES).find((name) => `${specifier}/`.startsWith(`${name}/`));
        if (owner === undefined || PACKAGES[owner]?.includes(partOf(file.path))) return [];
        return [`${file.path} → ${specifier}`];
      }),
    );
    expect(strays).toEqual([]);
  });

  it('every package that is imported is a dependency of the published package', () => {
    const manifest = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8'));
    const missing = files.flatMap((file) =>
      file.imports
        .filter((one) => !isOurs(one.specifier) && !one.specifier.startsWith('node:'))
        .map((one) =>
          one.specifier
            .split('/')
            .slice(0, one.specifier.startsWith('@') ? 2 : 1)
            .join('/'),
        )
        .filter((name) => !(name in manifest.dependencies))
        .map((name) => `${file.path} → ${name}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('the entry points', () => {
  const textOf = (path: string): string => files.find((file) => file.path === path)?.text as string;

  it('verify.ts imports nothing at all, so that any receiver can take it', () => {
    expect(importsOf(textOf('verify.ts'))).toEqual([]);
  });

  it('index.ts is exports and nothing else', () => {
    const statements = textOf('index.ts')
      .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      .split(';')
      .map((statement) => statement.trim())
      .filter((statement) => statement !== '');
    expect(statements.length).toBeGreaterThan(0);
    expect(
      statements.filter((statement) => !/^export (type )?\{[^}]*\} from '[^']+'$/.test(statement)),
    ).toEqual([]);
  });
});

describe('the size and the names of files', () => {
  it(`no file in src is longer than ${MAX_LINES} lines`, () => {
    const long = files
      .map((file) => ({ path: file.path, lines: file.text.trimEnd().split('\n').length }))
      .filter((file) => file.lines > MAX_LINES)
      .map((file) => `${file.path}: ${file.lines}`);
    expect(long).toEqual([]);
  });

  it('no file or folder is a drawer for everything', () => {
    const drawer = /^(utils?|helpers?|misc|common|shared|types)$/;
    const drawers = everything.filter((file) =>
      [...dirname(file.path).split('/'), basename(file.path).replace(/(\.test)?\.\w+$/, '')].some((name) =>
        drawer.test(name),
      ),
    );
    expect(drawers.map((file) => file.path)).toEqual([]);
  });

  it('names are in kebab case', () => {
    const name = /^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.ts$/;
    expect(everything.map((file) => file.path).filter((path) => !name.test(basename(path)))).toEqual([]);
  });
});

describe('what comes along is data', () => {
  const names = readdirSync(resolve(ROOT, 'catalogs'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  /** A word of its own: neither `nshift` in `unshift`, nor a name in an address somebody can look something up at. */
  const naming = (name: string): RegExp => new RegExp(`(?<![a-z])${name}(?![a-z])`, 'i');
  const withoutAddresses = (text: string): string => text.replaceAll(/https?:\/\/[^\s)'"]+/g, '');

  it('there are presets, and a name of one is found where it is', () => {
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) expect(`if (preset === '${name}')`).toMatch(naming(name));
  });

  it('no preset is named under src, in code or in comments', () => {
    const named = files.flatMap((file) =>
      names
        .filter((name) => naming(name).test(withoutAddresses(file.text)))
        .map((name) => `${file.path}: ${name}`),
    );
    expect(named).toEqual([]);
  });
});
