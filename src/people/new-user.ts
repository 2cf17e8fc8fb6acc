import { z } from 'zod';
import type { Queryable } from '../db/database.ts';
import { invalid } from '../errors.ts';
import { parseInput } from '../input.ts';
import type { AuthLibrary } from './auth-library.ts';
import { newPasswordSchema } from './password.ts';
import type { Client, SignedIn, UserSessions } from './user-sessions.ts';

export const personNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((name) => !/\p{Cc}/u.test(name), {
    message: 'contains a control character',
    params: { rule: 'control_character' },
  });

/** What somebody tells of themselves when they first come. Who has been here before gives their password alone. */
export interface Newcomer {
  readonly email: string;
  readonly name: string | undefined;
  readonly password: string;
}

/**
 * Finds the user of an e-mail, who must know their password, or makes one; lets them in, and gives them what `grant`
 * writes in one transaction with the user.
 *
 * @throws WaybillError `validation_failed`; `sign_in_failed` (401); what `grant` throws, and then nothing is made
 */
export async function admit(
  parts: {
    readonly transaction: <T>(work: (tx: Queryable) => Promise<T>) => Promise<T>;
    readonly library: AuthLibrary;
    readonly sessions: UserSessions;
  },
  newcomer: Newcomer,
  client: Client,
  grant: (tx: Queryable, userId: string) => Promise<void>,
): Promise<SignedIn> {
  const { library, sessions, transaction } = parts;
  const { email, name, password } = newcomer;
  const { internalAdapter, password: hasher } = await (await library.get()).$context;
  if (await internalAdapter.findUserByEmail(email)) {
    const signedIn = await sessions.signIn(email, password, client);
    await transaction((tx) => grant(tx, signedIn.userId));
    return signedIn;
  }
  if (name === undefined) throw invalid([{ path: 'name', code: 'required', message: 'is missing' }]);
  parseInput(z.object({ password: newPasswordSchema }), { password });
  const hash = await hasher.hash(password);
  await transaction((tx) =>
    library.inside(tx, async () => {
      const user = await internalAdapter.createUser(
        { email, name, emailVerified: false },
        { method: 'email-password' },
      );
      await internalAdapter.linkAccount({
        userId: user.id,
        providerId: 'credential',
        accountId: user.id,
        password: hash,
      });
      await grant(tx, user.id);
    }),
  );
  return sessions.signIn(email, password, client);
}
