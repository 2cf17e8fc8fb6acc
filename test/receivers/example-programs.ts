import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { ExampleLanguage } from '../../src/code-examples/code-examples.ts';
import { GO, GO_MODULE, JAVA, type Language, type Program, PYTHON, startProgram } from './start-program.ts';

/** Examples by the name of what they verify, which is the path they are served at. */
export type Examples = ReadonlyMap<string, { readonly file: string; readonly code: string }>;

/** How the examples of one language are run, all in one process. */
export interface Runner {
  /** What a machine needs to run them. */
  readonly needs: string;
  readonly installed: boolean;
  start(examples: Examples, environment: Record<string, string>): Promise<Program>;
}

const own = (file: string): string => fileURLToPath(new URL(`code-examples/${file}`, import.meta.url));
const runs = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

export const RUNNERS: Readonly<Record<ExampleLanguage, Runner>> = {
  node: {
    needs: 'Node',
    installed: true,
    start: (examples, environment) => {
      const folder = write(examples);
      const express = join(folder, 'node_modules', 'express');
      mkdirSync(express, { recursive: true });
      cpSync(own('express.mjs'), join(express, 'index.mjs'));
      writeFileSync(join(express, 'package.json'), '{"name":"express","exports":"./index.mjs"}');
      return run([process.execPath, own('node.mjs')], { ...environment, EXAMPLES: folder });
    },
  },
  python: {
    needs: 'Python with Flask and cryptography',
    installed: PYTHON.installed && runs('python3', '-c', 'import flask, cryptography'),
    start: (examples, environment) =>
      run(['python3', own('serve.py')], { ...environment, EXAMPLES: write(examples) }),
  },
  php: {
    needs: 'PHP 8 with sodium',
    installed: runs('php', '-r', 'exit(PHP_VERSION_ID >= 80000 && extension_loaded("sodium") ? 0 : 1);'),
    start: async (examples, environment) => {
      const address = `127.0.0.1:${await freePort()}`;
      const serve = `echo listens on http://${address}/; exec php -S ${address} ${own('serve.php')}`;
      return run(['sh', '-c', serve], { ...environment, EXAMPLES: write(examples) });
    },
  },
  ruby: {
    needs: 'Ruby 3',
    installed: runs('ruby', '-ropenssl', '-e', 'exit(RUBY_VERSION >= "3")'),
    start: (examples, environment) =>
      run(['ruby', own('serve.rb')], { ...environment, EXAMPLES: write(examples) }),
  },
  go: { needs: 'Go', installed: GO.installed, start: startGo },
  java: { needs: 'a JDK', installed: JAVA.installed, start: startJava },
  csharp: {
    needs:
      'the SDK of .NET, which no test looks for: it would build ASP.NET Core with packages of its registry',
    installed: false,
    start: () => Promise.reject(new Error('C# is not run')),
  },
};

/** One module, a package of it for each example. */
function startGo(examples: Examples, environment: Record<string, string>): Promise<Program> {
  const folder = write(examples);
  const names = [...examples.keys()];
  const main = [
    'package main',
    'import ("fmt"; "net"; "net/http")',
    ...names.map((name, index) => `import example${index} "examples/${name}"`),
    'func main() {',
    ...names.map((name, index) => `http.HandleFunc("/${name}", example${index}.Receive)`),
    'listener, err := net.Listen("tcp", "127.0.0.1:0")',
    'if err != nil { panic(err) }',
    'fmt.Printf("listens on http://%s/\\n", listener.Addr())',
    'panic(http.Serve(listener, nil))',
    '}',
  ];
  writeFileSync(join(folder, 'main.go'), main.join('\n'));
  writeFileSync(join(folder, 'go.mod'), 'module examples\n\ngo 1.21\n');
  return startProgram(GO_MODULE, folder, environment);
}

/** A package of its own for each example, all compiled at once. */
function startJava(examples: Examples, environment: Record<string, string>): Promise<Program> {
  const packages = [...examples.keys()].map((name, index) => ({ name, package: `example${index}` }));
  const inPackages = [...examples.values()].map(({ file, code }, index) => {
    return [`example${index}`, { file, code: `package example${index};\n${code}` }] as const;
  });
  const folder = write(new Map(inPackages));
  const main = [
    'import com.sun.net.httpserver.HttpServer;',
    'public class Main { public static void main(String[] arguments) throws Exception {',
    'HttpServer server = HttpServer.create(new java.net.InetSocketAddress("127.0.0.1", 0), 0);',
    ...packages.map((one) => `server.createContext("/${one.name}", ${one.package}.Webhooks::receive);`),
    'server.start();',
    'System.out.println("listens on http://127.0.0.1:" + server.getAddress().getPort() + "/");',
    '} }',
  ];
  writeFileSync(join(folder, 'Main.java'), main.join('\n'));
  const sources = packages.map((one) => join(folder, one.package, 'Webhooks.java'));
  const args = ['-d', folder, join(folder, 'Main.java'), ...sources];
  const { status, stderr } = spawnSync('javac', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`javac failed: ${stderr}`);
  return run(['java', '-cp', folder, 'Main'], environment);
}

function run(command: string[], environment: Record<string, string>): Promise<Program> {
  const language: Language = { name: 'example', installed: true, command: () => command };
  return startProgram(language, command.at(-1) ?? '', environment);
}

function write(examples: Examples): string {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-examples-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, { file, code }] of examples) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, file), code);
  }
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
