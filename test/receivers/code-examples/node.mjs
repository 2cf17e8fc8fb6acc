// Serves the examples for Node, each at its name: EXAMPLES=folder node node.mjs
import { readdirSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';

const folder = process.env.EXAMPLES;
const handlers = new Map();
for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  if (name === 'node_modules') continue;
  handlers.set(`/${name}`, (await import(join(folder, name, 'webhooks.mjs'))).receive);
}

const server = http.createServer((request, response) => {
  const steps = [...(handlers.get(request.url) ?? [])];
  response.sendStatus = (status) => response.writeHead(status).end();
  const next = () => (steps.shift() ?? (() => response.sendStatus(404)))(request, response, next);
  next();
});
server.listen(0, '127.0.0.1', () => console.log(`listens on http://127.0.0.1:${server.address().port}/`));
