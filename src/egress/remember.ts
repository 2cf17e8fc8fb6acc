/**
 * Gives a function the same answers without computing them again, for a pure function of one text.
 * Takes the most answers to hold; when there are more, all are forgotten, which bounds the memory.
 */
export function remember<Answer>(
  compute: (text: string) => Answer,
  maxAnswers: number,
): (text: string) => Answer {
  const answers = new Map<string, Answer>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    if (answers.size >= maxAnswers) answers.clear();
    const answer = compute(text);
    answers.set(text, answer);
    return answer;
  };
}
