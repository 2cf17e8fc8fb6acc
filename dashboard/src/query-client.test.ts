import { MutationObserver } from '@tanstack/react-query';
import { describe, expect, it, vi } from 'vitest';
import { ApiProblem } from './api.ts';
import { createQueryClient, forgetSession } from './query-client.ts';
import { type Me, meQuery } from './session.ts';

const ASTRID: Me = {
  kind: 'user',
  id: 'usr_1',
  name: 'Astrid',
  email: 'a@x.example',
  platform: null,
  accounts: [],
};
const ENDED = new ApiProblem(401, 'unauthorized', 'There is no such session.');
const REFUSED = new ApiProblem(409, 'delivery_not_pending', 'It has been sent.');

function started(me: Me | undefined = ASTRID) {
  const reactions = { sessionEnded: vi.fn(), changeFailed: vi.fn() };
  const client = createQueryClient(reactions);
  if (me) client.setQueryData(meQuery.queryKey, me);
  const fail = (error: unknown, meta = {}) =>
    new MutationObserver(client, { mutationFn: () => Promise.reject(error), meta }).mutate().catch(() => {});
  const read = (error: unknown) =>
    client.fetchQuery({ queryKey: ['x'], queryFn: () => Promise.reject(error) }).catch(() => {});
  return { client, fail, read, ...reactions };
}

describe('a change that fails', () => {
  it('is told of, unless the screen shows it', async () => {
    const { fail, changeFailed, sessionEnded } = started();
    await fail(REFUSED, { showsError: true });
    expect(changeFailed).not.toHaveBeenCalled();
    await fail(REFUSED);
    expect(changeFailed.mock.calls).toEqual([[REFUSED]]);
    expect(sessionEnded).not.toHaveBeenCalled();
  });

  it('as the session has ended ends it here, and says nothing else', async () => {
    const { fail, changeFailed, sessionEnded } = started();
    await fail(ENDED, { showsError: true });
    await fail(ENDED);
    expect(sessionEnded.mock.calls).toEqual([[ASTRID], [ASTRID]]);
    expect(changeFailed).not.toHaveBeenCalled();
  });

  it('for a wrong password ends no session', async () => {
    const { fail, sessionEnded } = started();
    await fail(new ApiProblem(401, 'sign_in_failed', 'The password is wrong.'), { showsError: true });
    expect(sessionEnded).not.toHaveBeenCalled();
  });
});

describe('reading', () => {
  it('what needs a session that has ended ends it here', async () => {
    const { read, sessionEnded } = started();
    await read(REFUSED);
    expect(sessionEnded).not.toHaveBeenCalled();
    await read(ENDED);
    expect(sessionEnded.mock.calls).toEqual([[ASTRID]]);
  });

  it('without ever having signed in ends nothing', async () => {
    const { client, read, sessionEnded } = started();
    forgetSession(client);
    await read(ENDED);
    expect(sessionEnded).not.toHaveBeenCalled();
  });
});

it('forgetting a session keeps how the platform looks', () => {
  const { client } = started();
  client.setQueryData(['branding'], { name: 'Nordic Parcel' });
  forgetSession(client);
  expect(
    client
      .getQueryCache()
      .getAll()
      .map(({ queryKey }) => queryKey),
  ).toEqual([['branding']]);
});
