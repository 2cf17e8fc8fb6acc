import { type MutationMeta, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../api.ts';
import type { Role } from '../session.ts';

/** Somebody who may sign in. */
export interface MemberView {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: string;
  readonly lastSignInAt: string | null;
}

/** Somebody who may come, and has not yet. */
export interface InvitationView {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly account: string | null;
  readonly invitedBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** Where people of an account, or (null) of the platform, are found in the API. */
export function peoplePath(account: string | null, ...rest: readonly string[]): string {
  const base = account === null ? '/v1' : `/v1/accounts/${encodeURIComponent(account)}`;
  return [base, ...rest.map(encodeURIComponent)].join('/');
}

/**
 * A change through the API, after which the lists below `path` are read again.
 *
 * @param meta `showsError` where the screen says itself why one failed
 */
export function useChange<Result>(path: string, meta: MutationMeta = {}) {
  const queryClient = useQueryClient();
  return useMutation({
    meta,
    mutationFn: ({ method, at, body }: { method: string; at: string; body?: unknown }) =>
      call<Result>(method, at, { body }),
    onSettled: () =>
      queryClient.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith(path) }),
  });
}
