import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { keep, readKept } from './kept.ts';

export const LANGUAGES = { en: 'English', sv: 'Svenska' } as const;
export type Language = keyof typeof LANGUAGES;

const KEPT_AS = 'waybill-language';

// One file a screen, so that a word is found where it is seen. Only the language in use is loaded.
const files = import.meta.glob<Record<string, unknown>>('./locales/*/*.json', { import: 'default' });

async function load(language: Language): Promise<void> {
  const entries = await Promise.all(
    Object.entries(files)
      .filter(([path]) => path.startsWith(`./locales/${language}/`))
      .map(async ([path, read]) => [path.split('/').at(-1)?.replace('.json', ''), await read()] as const),
  );
  i18next.addResourceBundle(language, 'translation', Object.fromEntries(entries), true, true);
}

/** The language this browser was last set to, else the first of its languages that there is. */
function preferred(): Language {
  const known = (name: string): name is Language => name in LANGUAGES;
  const kept = readKept(KEPT_AS) ?? '';
  if (known(kept)) return kept;
  return navigator.languages.map((name) => name.slice(0, 2)).find(known) ?? 'en';
}

export async function startLanguages(): Promise<void> {
  const language = preferred();
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await load(language);
  document.documentElement.lang = language;
}

export async function changeLanguage(language: Language): Promise<void> {
  await load(language);
  keep(KEPT_AS, language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

/**
 * What times and numbers are written by: the viewer's own kind of the language, `en-GB` for somebody whose browser says so.
 *
 * @param language of the texts
 */
export function formatLocale(language: string): string {
  return navigator.languages.find((name) => name.split('-')[0] === language) ?? language;
}
