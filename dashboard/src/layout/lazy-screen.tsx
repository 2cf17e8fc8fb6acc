import { type AsyncRouteComponent, lazyRouteComponent } from '@tanstack/react-router';
import { type ComponentType, useCallback, useEffect, useState } from 'react';
import { ApiProblem } from '../api.ts';
import { Failed, Loading } from '../components/states.tsx';

type Screens = Readonly<Record<string, ComponentType>>;

/**
 * A screen whose code is loaded when it is first looked at. Where the server can't be reached for it, the page says so and
 * stays: loading it anew would leave the browser's own error page.
 */
export function lazyScreen<Module extends object>(
  importer: () => Promise<Module>,
  name: keyof Module & string,
): AsyncRouteComponent<object> {
  // What its other exports are is of no matter, and the types of the screens rest on those of the router.
  const load = importer as () => Promise<unknown> as () => Promise<Screens>;
  return lazyRouteComponent(async (): Promise<Screens> => {
    try {
      return await load();
    } catch (error) {
      // Its code is gone as a newer version has taken its place: the router loads the page anew, once.
      if (await serverAnswers()) throw error;
      return { [name]: () => <Unloaded importer={load} name={name} /> };
    }
  }, name);
}

interface UnloadedProps {
  readonly importer: () => Promise<Screens>;
  readonly name: string;
}

/** What stands for a screen that couldn't be loaded, until it can. */
function Unloaded({ importer, name }: UnloadedProps) {
  const [loaded, setLoaded] = useState<{ readonly Screen: ComponentType | undefined }>();
  const [failed, setFailed] = useState(false);
  const load = useCallback(async () => {
    setFailed(false);
    try {
      const screens = await importer();
      setLoaded({ Screen: screens[name] });
    } catch {
      // Some browsers keep in mind what failed to load: only a new page tries again.
      if (await serverAnswers()) location.reload();
      else setFailed(true);
    }
  }, [importer, name]);
  // It may have been tried long ago, when somebody only pointed at a link.
  useEffect(() => void load(), [load]);
  if (loaded?.Screen) return <loaded.Screen />;
  if (!failed) return <Loading />;
  return <Failed error={UNREACHABLE} retry={() => void load()} />;
}

const UNREACHABLE = new ApiProblem(0, 'unreachable', 'The server cannot be reached.');

async function serverAnswers(): Promise<boolean> {
  try {
    return (await fetch(location.href, { method: 'HEAD', cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}
