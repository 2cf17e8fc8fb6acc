import { useQuery } from '@tanstack/react-query';
import { CodeExamples } from '../components/code-examples.tsx';
import { webhookExamplesQuery } from '../data/code-examples.ts';

/** How the receiver of a webhook verifies what it gets, as the webhook has been saved. */
export function VerifyTab({ account, webhookId }: { account: string; webhookId: string }) {
  return <CodeExamples query={useQuery(webhookExamplesQuery(account, webhookId))} />;
}
