import { conflict } from '../errors.ts';

// Each signs every request, in one header: receivers refuse headers that are too long.
export const MAX_LIVE_SECRETS = 10;

export function tooManyWebhooks(max: number): Error {
  return conflict('too_many_webhooks', `The account has ${max} webhooks, which is as many as it may have.`, {
    most: max,
  });
}

export function tooManySecrets(): Error {
  return conflict(
    'too_many_secrets',
    `${MAX_LIVE_SECRETS} secrets sign for this webhook. Wait until one expires, or rotate with overlapSeconds 0.`,
    { most: MAX_LIVE_SECRETS },
  );
}

export function webhookDisabled(): Error {
  return conflict('webhook_disabled', 'The webhook is disabled. Resume it first.');
}
