import { partsOf, type Said } from '../words/said.ts';

/** What is said, with the words of others in it set apart from those around them. */
export function SaidText({ said }: { readonly said: Said }) {
  const [before, foreign, after] = partsOf(said);
  return (
    <>
      {before}
      {foreign !== '' && (
        <span className="foreign" lang="en">
          {foreign}
        </span>
      )}
      {after}
    </>
  );
}
