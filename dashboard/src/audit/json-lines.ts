import { get, type Listing } from '../api.ts';

const PER_PAGE = 100;
/** More than that is asked of the API, which a program can do in peace. */
const MOST = 20_000;

type Query = Readonly<Record<string, string>>;
type Asked = { readonly limit: number; readonly cursor?: string };
type Read = (path: string, query: Asked) => Promise<Listing<unknown>>;

/**
 * All of a list, page by page, as JSON Lines: an entry a line, as the API answers it.
 *
 * @returns `whole`: whether it is all there is
 */
export async function readAsJsonLines(
  path: string,
  query: Query,
  read: Read = get,
): Promise<{ text: string; whole: boolean }> {
  const lines: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await read(path, { ...query, limit: PER_PAGE, ...(cursor && { cursor }) });
    for (const entry of page.data) lines.push(`${JSON.stringify(entry)}\n`);
    cursor = page.nextCursor;
  } while (cursor !== null && lines.length < MOST);
  return { text: lines.join(''), whole: cursor === null };
}
