import { type AsyncRouteComponent, lazyRouteComponent } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { ApiProblem } from '../api.ts';
import { Failed, Loading } from '../components/states.tsx';
import { serverAnswers, useImported } from '../components/use-imported.ts';

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

/** What stands for a screen that couldn't be loaded, until it can: that may have been tried long ago, by pointing at a link. */
function Unloaded({ importer, name }: UnloadedProps) {
  const { module: screens, failed, retry } = useImported(importer, { reloads: true });
  const Screen = screens?.[name];
  if (Screen) return <Screen />;
  return failed ? <Failed error={UNREACHABLE} retry={retry} /> : <Loading />;
}

const UNREACHABLE = new ApiProblem(0, 'unreachable', 'The server cannot be reached.');
