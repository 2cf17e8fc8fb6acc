import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// While developing, `npm run dashboard` serves the screens and passes everything else to a Waybill that runs beside it.
const WAYBILL_URL = process.env.WAYBILL_URL ?? 'http://127.0.0.1:4400';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../dist/dashboard',
    emptyOutDir: true,
    target: 'es2022',
    // The first browsers that know light-dark(), which follows the scheme that is chosen here.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Data URLs would need a hole in the content security policy.
    assetsInlineLimit: 0,
    // Code that is loaded later and fails to is tried again; styles of its own would not be.
    cssCodeSplit: false,
    // The editor of templates brings its languages along; it is loaded where it is used.
    chunkSizeWarningLimit: 600,
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      ['/v1', '/openapi', '/asyncapi', '/openapi.json', '/healthz', '/readyz'].map((path) => [
        path,
        { target: WAYBILL_URL },
      ]),
    ),
  },
});
