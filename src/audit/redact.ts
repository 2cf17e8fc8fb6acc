/** Fields whose value opens something, or may. */
const SECRET_FIELD =
  /secret|password|passphrase|token|credential|privatekey|^auth$|^clientcertificate$|^key$|^hash$/i;
const SHOWN = '[redacted]';
const MAX_TEXT = 2_000;

/**
 * What may stay on record for good: secrets and credentials are replaced, as are the values of headers and what URLs
 * carry beside host and path, where people put keys. Long texts are cut.
 */
export function redact(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, redactField(name, one)]));
}

function redactField(name: string, value: unknown): unknown {
  if (value === null || value === undefined) return value ?? null;
  if (SECRET_FIELD.test(name)) return SHOWN;
  if (name === 'headers' && typeof value === 'object' && !Array.isArray(value)) {
    return Object.fromEntries(Object.keys(value).map((header) => [header, SHOWN]));
  }
  return redact(value);
}

function redactText(text: string): string {
  const shown = /^https?:\/\//i.test(text) ? redactUrl(text) : text;
  return shown.length > MAX_TEXT ? `${shown.slice(0, MAX_TEXT)}…` : shown;
}

function redactUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null) return text;
  if (url.username !== '' || url.password !== '') {
    url.username = 'redacted';
    url.password = '';
  }
  for (const name of new Set(url.searchParams.keys())) url.searchParams.set(name, 'redacted');
  return url.href;
}
