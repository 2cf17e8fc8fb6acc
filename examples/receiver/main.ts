// A receiver as small as it can be: verifies each webhook and prints it.
// SECRET=whsec_… node examples/receiver/main.ts [port]
import { createServer } from 'node:http';
import { verify } from 'waybill/verify';

const secret = process.env.SECRET;
if (!secret) throw new Error('Set SECRET to the secret that creating the webhook returned.');
const port = Number(process.argv[2] ?? 4500);

const server = createServer(async (request, response) => {
  // The signature is over the bytes that were sent: verify before parsing.
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  try {
    await verify(body, request.headers, secret);
    console.log('verified', request.headers['webhook-id'], body.toString());
    response.writeHead(204).end();
  } catch (error) {
    console.log('refused:', error instanceof Error ? error.message : error);
    response.writeHead(401).end();
  }
});
server.listen(port, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${port}/`));
