import { useCallback, useEffect, useState } from 'react';

/** What has come once stands at once where it is shown again. */
const had = new WeakMap<() => Promise<unknown>, { readonly module: unknown }>();

interface Imported<Module> {
  /** undefined as long as it hasn't come. */
  readonly module: Module | undefined;
  readonly failed: boolean;
  readonly retry: () => void;
}

/**
 * Code that is loaded where it is needed. It fails while the server is away, and where a newer version has taken its place
 * since the page was loaded; trying again loads the page anew if the code can't be had although the server answers, as some
 * browsers keep in mind what failed to load.
 *
 * @param importer the same in every call
 * @param reloads whether the first try, too, loads the page anew
 */
export function useImported<Module>(
  importer: () => Promise<Module>,
  { reloads = false }: { readonly reloads?: boolean } = {},
): Imported<Module> {
  // In an object: a component is a function, which a state would call.
  const [loaded, setLoaded] = useState(had.get(importer) as { readonly module: Module } | undefined);
  const [failed, setFailed] = useState(false);
  const load = useCallback(
    async (mayReload: boolean) => {
      setFailed(false);
      try {
        const came = { module: await importer() };
        had.set(importer, came);
        setLoaded(came);
      } catch {
        if (mayReload && (await serverAnswers())) location.reload();
        else setFailed(true);
      }
    },
    [importer],
  );
  useEffect(() => void load(reloads), [load, reloads]);
  return { module: loaded?.module, failed, retry: () => void load(true) };
}

// Programs that ask for what isn't of the API are refused.
const AS_A_PAGE = { method: 'HEAD', cache: 'no-store', headers: { accept: 'text/html' } } as const;

/** Whether this page can be had from the server again. */
export async function serverAnswers(): Promise<boolean> {
  try {
    return (await fetch(location.href, AS_A_PAGE)).ok;
  } catch {
    return false;
  }
}
