/** Words that English can't do without, and that Swedish doesn't have. */
const ENGLISH =
  /\b(?:a|an|and|answered|are|be|but|can|cannot|can't|could|does|expected|for|has|have|is|isn't|it|its|longer|may|missing|must|no|not|of|or|that|the|their|there|this|to|too|unless|was|which|with|without|within)\b/gi;

/** The words of a text that are English. @param known what others say in it, which stays as it is */
export function englishIn(text: string, known: readonly string[] = []): string[] {
  const own = known.filter((one) => one !== '').reduce((left, one) => left.replaceAll(one, ''), text);
  return [...own.matchAll(ENGLISH)].map(([word]) => word);
}
