import type { TFunction } from 'i18next';

/** What the server calls the key that it makes when it is started for the first time. */
const FIRST = 'first platform key';

/** The name of an API key; of one that nobody has named, where it comes from, or what is said instead. */
export function keyName(t: TFunction, name: string, ofFirst: string = t('people.keys.first')): string {
  return name === FIRST ? ofFirst : name;
}

/** The name the server knows the one by that is shown with this name; any other stays. */
export function storedKeyName(t: TFunction, shown: string): string {
  const plain = (text: string) => text.replaceAll('’', "'").toLowerCase().trim();
  return plain(shown) === plain(t('people.keys.first')) ? FIRST : shown;
}
