// A receiver of Velourcity's webhooks, as its page tells it. Node alone, nothing of Waybill.
//
//   SECRET=... node velourcity.mjs
//
// Takes any free port, prints where it listens, and prints each webhook it has accepted.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const secret = process.env.SECRET;
if (!secret) throw new Error('SECRET is not set');

function isSigned(body, signature) {
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
  const given = Buffer.from(String(signature));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function judge(body, headers) {
  if (!isSigned(body, headers['x-velourcity-signature'])) return 401;
  const webhook = JSON.parse(body.toString('utf8'));
  const isAsDocumented =
    Object.keys(webhook).join() === 'event,timestamp,id,data' &&
    headers['x-velourcity-event'] === webhook.event &&
    /^[1-9]\d*$/.test(headers['x-velourcity-delivery-attempt']) &&
    headers['user-agent'] === 'Velourcity-Webhooks/1.0' &&
    headers['content-type'] === 'application/json';
  return isAsDocumented ? 200 : 400;
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const status = judge(body, request.headers);
  if (status === 200) console.log('accepted', body.toString('utf8'));
  response.writeHead(status).end();
});
server.listen(0, '127.0.0.1', () => console.log(`listens on http://127.0.0.1:${server.address().port}/`));
