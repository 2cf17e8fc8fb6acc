import { defineConfig } from 'vitest/config';

const resolve = { conditions: ['waybill-source'] };

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        test: { name: 'unit', include: ['src/**/*.test.ts'], testTimeout: 20_000 },
      },
      {
        resolve,
        test: { name: 'boundaries', include: ['test/boundaries.test.ts'] },
      },
    ],
  },
});
