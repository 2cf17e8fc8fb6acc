import { startServer } from '../src/server.ts';
import { createWaybill, type WaybillOptions } from '../src/waybill.ts';
import { answerQuestions, processorUs } from './answer.ts';

// The product under test: the server as an operator would run it.

let stop: () => Promise<void> = async () => undefined;

async function start(options: WaybillOptions): Promise<string> {
  const waybill = await createWaybill({ ...options, environment: {} });
  await waybill.start();
  const server = await startServer(waybill);
  stop = async () => {
    await server.close();
    await waybill.stop();
  };
  return server.url;
}

answerQuestions({ start, processorUs, stop: () => stop() });
