import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { asCurl } from './curl.ts';

/** What a shell hands over to curl, which is replaced by something that says it. */
function argumentsOf(command: string, environment: Record<string, string> = {}): string[] {
  const script = `curl() { for one in "$@"; do printf '%s\\0' "$one"; done; }\n${command}`;
  const said = execFileSync('sh', ['-c', script], { env: environment, encoding: 'utf8' });
  return said.split('\0').slice(0, -1);
}

const REQUEST = { method: 'POST', url: 'https://x.example/in?a=1&b=[2]', headers: {}, body: '{}' } as const;

describe('asCurl', () => {
  it('sends what was sent, whatever the shell would make of it', () => {
    const hostile = `it's "$(touch /tmp/x)" \`id\` \\ $HOME !! \n; rm -rf / #`;
    const request = {
      ...REQUEST,
      url: `https://x.example/?q=';id;'`,
      headers: { 'content-type': 'application/json', 'x-odd': `a'b"$c`, 'x-empty': '' },
      body: `@/etc/passwd ${hostile}`,
    };
    expect(argumentsOf(asCurl(request, []))).toEqual([
      '--globoff',
      '-X',
      'POST',
      request.url,
      '-H',
      'content-type: application/json',
      '-H',
      `x-odd: a'b"$c`,
      '-H',
      'x-empty;',
      '--data-raw',
      request.body,
    ]);
  });

  it('has a variable in the place of what is not shown', () => {
    const headers = { "x-`id`'$key": '(hidden)' };
    const command = asCurl({ ...REQUEST, headers }, ["x-`id`'$key"]);
    expect(command).not.toContain('(hidden)');
    expect(argumentsOf(command, { X__ID___KEY: 's3cret $x' })).toContain("x-`id`'$key: s3cret $x");
  });
});
