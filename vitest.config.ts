import { defineConfig } from 'vitest/config';

const resolve = { conditions: ['waybill-source'] };

export default defineConfig({
  test: {
    // Tests start servers and databases: more at once only wait for each other.
    maxWorkers: 2,
    projects: [
      {
        resolve,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'dashboard/src/**/*.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        resolve,
        test: { name: 'boundaries', include: ['test/boundaries.test.ts'] },
      },
      {
        resolve,
        test: {
          name: 'system',
          // A file of tests shares nothing with others but modules, which take as long to load as many tests to run.
          isolate: false,
          include: ['test/conformance/**/*.test.ts', 'test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts', 'test/browser/build-dashboard.ts'],
          testTimeout: 120_000,
          // A page beside other work may take longer than the second there is by default.
          expect: { poll: { timeout: 10_000 } },
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
