// Prints what arrives, and keeps the last body as it came, to check its signature with.
// node examples/own-preset/receiver.mjs [port] [file]
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [port = '4500', file = 'received.json'] = process.argv.slice(2);

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  writeFileSync(file, body);
  console.log(`X-Acme-Signature: ${request.headers['x-acme-signature']}\n${body}`);
  response.writeHead(204).end();
});
server.listen(Number(port), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/`);
});
