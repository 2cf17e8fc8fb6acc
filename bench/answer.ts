/** What a child of the benchmark can be asked, by name. The argument is what the question came with. */
export type Answers = Readonly<Record<string, Answer>>;

type Answer = (argument: never) => unknown;

interface Question {
  readonly id: number;
  readonly question: string;
  readonly argument: unknown;
}

/** Answers the benchmark's questions until it asks this process to `stop`, or is gone. */
export function answerQuestions(answers: Answers): void {
  process.on('message', async (asked: Question) => {
    const { id, question } = asked;
    try {
      process.send?.({ id, answer: await answerTo(asked, answers) });
      if (question === 'stop') process.disconnect?.();
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? error.stack : String(error) });
    }
  });
  // Whoever asked is gone, or has heard enough.
  process.once('disconnect', () => process.exit(0));
}

function answerTo({ question, argument }: Question, answers: Answers): unknown {
  const answer = answers[question] as ((argument: unknown) => unknown) | undefined;
  if (answer) return answer(argument);
  if (question === 'stop') return undefined;
  throw new Error(`nothing answers "${question}"`);
}

/** Processor time this process has used, in microseconds. */
export function processorUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
