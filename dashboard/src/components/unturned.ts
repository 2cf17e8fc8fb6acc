// Marks of direction, embeddings, overrides and isolates: they show as nothing, and turn round what stands beside them.
const TURNING = /[\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/**
 * Text in which nothing turns the direction of what stands around it: each character that would stands there by its code.
 *
 * @returns with `\u202E` and the like in place of such characters; the text as it is where it has none
 */
export function unturned(text: string): string {
  return text.replaceAll(
    TURNING,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}
