import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { ApiClient } from './api-client.ts';
import { eventually } from './eventually.ts';
import type { Receiver } from './receiver.ts';

/**
 * One block of a guide that is run: a request, what it answers, or what the receiver gets. In all of them `…` stands for
 * what differs each time, and `wh_…` in a request for the last id of that kind that was answered.
 */
interface Step {
  readonly kind: 'request' | 'answer' | 'received';
  readonly text: string;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
}

const BLOCK = /^```(http|json (?:answer|received))\n([\s\S]*?)\n```$/gm;
const KINDS = { http: 'request', 'json answer': 'answer', 'json received': 'received' } as const;
const ID = /\b([a-z]{2,3})_(?:…|[0-9a-f]{32})/g;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;

/** The text of a guide, by its name. */
export function readGuide(name: string): string {
  return readFileSync(new URL(`../../docs/guides/${name}.md`, import.meta.url), 'utf8');
}

/** Runs the requests of a guide one after the other, and holds it to what it says of answers and of what is received. */
export class GuideRun {
  readonly #api: ApiClient;
  readonly #account: string;
  readonly #receiver: Receiver;
  readonly #ids = new Map<string, string>();
  /** How many requests the receiver had got before the last one of the guide. */
  #received = 0;

  /** @param account in place of the account `acme` */
  constructor(api: ApiClient, account: string, receiver: Receiver) {
    this.#api = api;
    this.#account = account;
    this.#receiver = receiver;
  }

  /** @returns how many requests there were */
  async run(guide: string): Promise<number> {
    const steps = [...guide.matchAll(BLOCK)].map(
      ([, kind, text = '']): Step => ({ kind: KINDS[kind as keyof typeof KINDS], text }),
    );
    for (const [index, step] of steps.entries()) {
      const next = steps[index + 1];
      if (step.kind === 'request') await this.#request(step, next?.kind === 'answer' ? next : undefined);
      else if (step.kind === 'received') await this.#receive(step);
    }
    return steps.filter(({ kind }) => kind === 'request').length;
  }

  /** Keeps the ids in an answer for later requests. */
  learn(answer: string): void {
    for (const [id, prefix = ''] of answer.matchAll(/\b([a-z]{2,3})_[0-9a-f]{32}\b/g))
      this.#ids.set(prefix, id);
  }

  async #request({ text }: Step, answer: Step | undefined): Promise<void> {
    const request = this.#read(text);
    this.#received = this.#receiver.requests.length;
    const look = async (): Promise<string> => {
      const { status, text: got } = await this.#api.request(request.method, request.path, request.body);
      expect(status, `${text}\n${got}`).toBeLessThan(300);
      if (answer) expect(JSON.parse(got), text).toMatchObject(patternOf(answer.text) as object);
      return got;
    };
    // What was asked for before may take its time; what changes something is done once.
    this.learn(request.method === 'GET' ? await eventually(look) : await look());
  }

  #read(text: string): Request {
    const [first = '', ...rest] = text.split('\n');
    const [method = '', path = ''] = first.split(' ');
    const body = rest.join('\n').trim();
    return {
      method,
      path: this.#fill(path)
        .replace('/accounts/acme', `/accounts/${this.#account}`)
        .replace('=acme', `=${this.#account}`),
      body:
        body === ''
          ? undefined
          : this.#fill(body).replaceAll(/https:\/\/\w+\.example\//g, this.#receiver.url),
    };
  }

  #fill(text: string): string {
    return text.replaceAll(ID, (id, prefix: string) => {
      if (!id.endsWith('…')) return id;
      const known = this.#ids.get(prefix);
      if (known === undefined) throw new Error(`nothing has answered an id ${id} before ${text}`);
      return known;
    });
  }

  async #receive({ text }: Step): Promise<void> {
    const expected = patternOf(text);
    await eventually(() => {
      const bodies = this.#receiver.requests.slice(this.#received).map(({ body }) => JSON.parse(body));
      expect(bodies).toEqual(expect.arrayContaining([expect.objectContaining(expected as object)]));
      return true;
    });
  }
}

/** What a value in a guide stands for: a time for any time, and `…` for whatever is there. */
function patternOf(text: string): unknown {
  return JSON.parse(text, (_, value) => {
    if (typeof value !== 'string') return value;
    if (TIME.test(value)) return expect.stringMatching(TIME);
    if (!value.includes('…')) return value;
    const parts = value.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return expect.stringMatching(new RegExp(`^${parts.join('[\\s\\S]*')}$`));
  });
}
