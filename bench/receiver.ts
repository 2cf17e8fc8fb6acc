import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerQuestions } from './answer.ts';

// The receiver of all deliveries, as cheap as Node can make one: it reads the body, counts and answers 200.

let hits = 0;

const server = createServer((request, response) => {
  request.resume();
  request.once('end', () => {
    hits += 1;
    response.end('ok');
  });
});
// Connections stay open however long the sender pauses.
server.keepAliveTimeout = 0;

answerQuestions({
  listen: () =>
    new Promise<string>((resolve) => {
      server.listen(0, '127.0.0.1', () =>
        resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      );
    }),
  hits: () => hits,
});
