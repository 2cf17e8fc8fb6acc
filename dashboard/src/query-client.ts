import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './api.ts';

const RETRIES = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // What was refused will be refused again; what couldn't be reached may be back.
      retry: (count, error) => {
        const passing = !(error instanceof ApiProblem) || error.status === 0 || error.status >= 500;
        return passing && count < RETRIES;
      },
    },
  },
});
