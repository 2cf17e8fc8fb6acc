// A receiver of ShopCtrl's webhooks, as its page tells it. Node alone, nothing of Waybill.
//
//   SECRET=... node shopctrl.mjs
//
// Takes any free port, prints where it listens, and prints each webhook it has accepted.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const secret = process.env.SECRET;
if (!secret) throw new Error('SECRET is not set');

function isSigned(body, signature) {
  const expected = Buffer.from(createHmac('sha256', secret).update(body).digest('base64'));
  const given = Buffer.from(String(signature));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function judge(body, headers) {
  if (!isSigned(body, headers['x-shopctrl-signature'])) return 401;
  const { event, entityData } = JSON.parse(body.toString('utf8'));
  return typeof event === 'string' && typeof entityData === 'object' && entityData !== null ? 202 : 400;
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const status = judge(body, request.headers);
  if (status === 202) console.log('accepted', body.toString('utf8'));
  response.writeHead(status).end();
});
server.listen(0, '127.0.0.1', () => console.log(`listens on http://127.0.0.1:${server.address().port}/`));
