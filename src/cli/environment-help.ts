/** The environment, as the README and DESIGN name it: what each variable does, in a line or two. */
const VARIABLES = {
  DATABASE_URL: [
    'postgres://user:password@host:5432/name, PostgreSQL 15 or later.',
    'Without it, an embedded PostgreSQL keeps its files in the data directory.',
  ],
  WAYBILL_DATA_DIR: ['The data directory. Default ./.waybill'],
  WAYBILL_HOST: ['Address to listen on. Default 127.0.0.1; 0.0.0.0 is all of them.'],
  WAYBILL_PORT: ['Port to listen on. Default 4400; 0 takes any free one.'],
  WAYBILL_API_KEY: ["The platform's key. Without it, the first start makes one and prints it once."],
  WAYBILL_ENCRYPTION_KEY: [
    'Encrypts the signing secrets: 32 bytes in base64 (openssl rand -base64 32).',
    'Required with DATABASE_URL; otherwise made in the data directory.',
  ],
  WAYBILL_ALLOW_HTTP: ['1: webhooks may have http:// URLs, not https:// only.'],
  WAYBILL_EGRESS_ALLOW: ['Networks that may be reached although private: 127.0.0.0/8,::1/128'],
  WAYBILL_PRESET: [
    'The system to be: the name of a preset (waybill catalog list), or a file with one.',
    'Its wire format is that of new webhooks, its event types are known to all accounts.',
  ],
  WAYBILL_DISABLE_AFTER_DAYS: [
    'After how many days of nothing but failures a webhook is disabled. Default 5; 0: never.',
  ],
  WAYBILL_PUBLIC_URL: [
    'Where people reach the dashboard: https://hooks.example.com. Default: where it listens.',
    'Links begin with it; with https, cookies are sent by https alone.',
  ],
  WAYBILL_TRUST_PROXY: ["1: a proxy of yours adds the client's address to X-Forwarded-For."],
  WAYBILL_FRAME_ORIGINS: ['Origins whose pages may hold the portal in a frame, separated by commas.'],
  WAYBILL_BRAND_NAME: ['The name pages show. Default Waybill.'],
  WAYBILL_BRAND_LOGO_URL: ['The logo pages show, at an https:// URL.'],
  WAYBILL_BRAND_COLOR: ['The colour of pages, such as #1a7f37.'],
  WAYBILL_LOG_LEVEL: ['trace, debug, info, warn, error, fatal or silent. Default info'],
} as const;

export type Variable = keyof typeof VARIABLES;

const WIDTH = Math.max(...Object.keys(VARIABLES).map((name) => name.length)) + 2;

/** The section of a help text about these variables; about all of them if none is named. */
export function environmentHelp(...names: readonly Variable[]): string {
  const wanted = names.length > 0 ? names : (Object.keys(VARIABLES) as Variable[]);
  const lines = wanted.flatMap((name) =>
    VARIABLES[name].map((text, index) => `  ${(index === 0 ? name : '').padEnd(WIDTH)}${text}`),
  );
  return `\nEnvironment:\n${lines.join('\n')}\n`;
}
